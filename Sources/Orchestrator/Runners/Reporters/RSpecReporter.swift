/// An RSpec formatter that writes our events, with the ids that RSpec itself selects by.
enum RSpecReporter {
    static let source = #"""
        require "json"

        module DTCI
          class RSpecEvents
            RSpec::Core::Formatters.register self, :example_started, :example_passed, :example_failed, :example_pending

            def initialize(_output)
              @file = File.open(ENV.fetch("DTCI_TEST_EVENTS"), "ab")
              @file.sync = true
              write("event" => "begin")
            end

            def example_started(notification)
              write("event" => "start", "id" => id(notification.example))
            end

            def example_passed(notification)
              finish(notification.example, "passed")
            end

            def example_pending(notification)
              finish(notification.example, "skipped", "message" => notification.example.execution_result.pending_message)
            end

            def example_failed(notification)
              error = notification.example.execution_result.exception
              outcome = error.class.name.to_s.start_with?("RSpec::") ? "failed" : "errored"
              details = notification.fully_formatted_lines(0, Plain).join("\n")
              finish(notification.example, outcome, "type" => error.class.name, "message" => error.message, "details" => details)
            end

            # fully_formatted_lines wants something that colours.
            module Plain
              def self.wrap(text, _)
                text
              end
            end

            private

            def id(example)
              example.id.delete_prefix("./")
            end

            def finish(example, outcome, more = {})
              write({
                "event" => "finish", "id" => id(example), "outcome" => outcome,
                "suite" => example.example_group.parent_groups.reverse.map(&:description),
                "name" => example.description, "file" => example.metadata[:file_path].delete_prefix("./"),
                "line" => example.metadata[:line_number], "seconds" => example.execution_result.run_time
              }.merge(more))
            end

            def write(event)
              @file.write(JSON.generate(clean(event)) + "\n")
            end

            # JSON refuses bytes that are no UTF-8.
            def clean(value)
              case value
              when String then value.encode("UTF-8", invalid: :replace, undef: :replace).scrub("\uFFFD")
              when Hash then value.transform_values { |item| clean(item) }
              when Array then value.map { |item| clean(item) }
              else value
              end
            end
          end
        end

        """#
}
