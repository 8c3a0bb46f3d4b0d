/// A minitest plugin that writes our events; minitest finds it as `minitest/dtci_plugin.rb` on the load path.
enum MinitestReporter {
    static let source = #"""
        require "json"

        module DTCI
          class MinitestEvents < Minitest::AbstractReporter
            def initialize
              super
              @file = File.open(ENV.fetch("DTCI_TEST_EVENTS"), "ab")
              @file.sync = true
              write("event" => "begin")
            end

            def prerecord(klass, name)
              write("event" => "start", "id" => "#{klass.name}##{name}")
            end

            def record(result)
              failure = result.failure
              event = {
                "event" => "finish", "id" => "#{result.klass}##{result.name}", "class" => result.klass, "name" => result.name,
                "seconds" => result.time, "outcome" => outcome(result)
              }
              file, line = location(result)
              event.update("file" => relative(file), "line" => line) if file
              event.update("type" => failure.result_label, "message" => failure.message, "details" => details(failure)) if failure
              write(event)
            end

            private

            # The class's own file: an inherited test stands in another one.
            def location(result)
              place = Object.const_source_location(result.klass) if result.klass.match?(/\A[A-Z]\w*(::[A-Z]\w*)*\z/)
              file, line = result.source_location
              place && place[0] && place[0] != file ? place : [file, line]
            rescue NameError
              [file, line]
            end

            def outcome(result)
              return "skipped" if result.skipped?
              return "errored" if result.error?
              result.passed? ? "passed" : "failed"
            end

            def details(failure)
              "#{failure.message}\n#{Minitest.filter_backtrace(failure.backtrace || []).join("\n")}"
            end

            def relative(path)
              path.delete_prefix("#{Dir.pwd}/").delete_prefix("./")
            end

            def write(event)
              @file.write(JSON.generate(event.transform_values { |value| clean(value) }) + "\n")
            end

            # JSON refuses bytes that are no UTF-8.
            def clean(value)
              return value unless value.is_a?(String)
              value.encode("UTF-8", invalid: :replace, undef: :replace).scrub("\uFFFD")
            end
          end
        end

        module Minitest
          def self.plugin_dtci_init(_options)
            reporter << DTCI::MinitestEvents.new
          end
        end
        """#
}
