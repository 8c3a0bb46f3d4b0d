/// A formatter for TAP::Harness that writes our events and leaves the console as it is.
///
/// Only core modules of Perl. It also says what TAP has no line for: how the process of a test file ended.
enum ProveReporter {
    static let source = #"""
        package DTCIEvents;
        use strict;
        use warnings;
        use JSON::PP ();
        use Time::HiRes ();
        use base 'TAP::Formatter::Console';

        # One line of JSON for each event in the file that DTCI_TEST_EVENTS names.
        my $json = JSON::PP->new->utf8->canonical;
        dtci_write({ event => 'begin' });

        sub dtci_write {
            my ($event) = @_;
            open my $out, '>>', $ENV{DTCI_TEST_EVENTS} or return;
            print {$out} $json->encode($event), "\n";
            close $out;
        }

        sub dtci_text {
            my ($bytes) = @_;
            return undef unless defined $bytes;
            my $text = "$bytes";
            utf8::decode($text);
            return $text;
        }

        sub open_test {
            my ($self, $test, $parser) = @_;
            my $file = dtci_text($test);
            dtci_write({ event => 'start', id => $file });
            my @results;
            my $last = Time::HiRes::time();
            $parser->callback(ALL => sub {
                my ($result) = @_;
                if ($result->is_test) {
                    my $now = Time::HiRes::time();
                    push @results, { result => $result, comments => '', seconds => $now - $last };
                    $last = $now;
                } elsif (@results && ($result->is_comment || $result->is_unknown)) {
                    $results[-1]{comments} .= dtci_text($result->raw) . "\n";
                }
            });
            $parser->callback(EOF => sub { dtci_results($file, $parser, \@results) });
            return $self->SUPER::open_test($test, $parser);
        }

        sub dtci_results {
            my ($file, $parser, $results) = @_;
            for my $entry (@$results) {
                my $result = $entry->{result};
                my $outcome = $result->has_skip ? 'skipped' : $result->is_ok ? 'passed' : 'failed';
                $outcome = 'skipped' if $result->has_todo && !$result->is_actual_ok;
                my $description = dtci_text($result->description);
                $description =~ s/^- //;
                dtci_write({
                    event => 'finish', id => $file, file => $file, outcome => $outcome,
                    seconds => $entry->{seconds}, name => $result->number . ($description eq '' ? '' : " $description"),
                    message => dtci_text($result->explanation) || undef,
                    details => $outcome eq 'failed' ? $entry->{comments} || undef : undef,
                });
            }
            dtci_file($file, $parser, scalar @$results);
        }

        # What the file itself did: skipped as a whole, or ended badly.
        sub dtci_file {
            my ($file, $parser, $count) = @_;
            my @problems = $parser->parse_errors;
            my ($exit, $wait) = ($parser->exit, $parser->wait);
            push @problems, $wait & 127 ? 'ended by signal ' . ($wait & 127) : "exited $exit" if $wait || $exit;
            my $failed = $parser->failed;
            if ($parser->skip_all) {
                dtci_write({ event => 'finish', id => $file, file => $file, name => $file, outcome => 'skipped',
                    message => dtci_text($parser->skip_all) });
            } elsif (@problems && !($failed && !$parser->parse_errors && !($wait & 127))) {
                dtci_write({ event => 'finish', id => $file, file => $file, name => $file, outcome => 'errored',
                    message => join('; ', map { dtci_text($_) } @problems) });
            } elsif (!$count) {
                dtci_write({ event => 'finish', id => $file, file => $file, name => $file, outcome => 'passed' });
            }
            dtci_write({ event => 'end', id => $file });
        }

        1;

        """#
}
