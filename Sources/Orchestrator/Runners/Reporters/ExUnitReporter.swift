/// An ExUnit formatter that writes our events, loaded with `elixir -r`.
enum ExUnitReporter {
    static let source = #"""
        defmodule DTCI.Events do
          @moduledoc false
          use GenServer

          def init(_options) do
            {:ok, file} = File.open(System.fetch_env!("DTCI_TEST_EVENTS"), [:append, :raw])
            write(file, [{"event", "begin"}])
            {:ok, file}
          end

          def handle_cast({:test_started, test}, file) do
            write(file, [{"event", "start"}, {"id", id(test)}])
            {:noreply, file}
          end

          # Not asked for: neither skipped nor run.
          def handle_cast({:test_finished, %{state: {:excluded, _}} = test}, file) do
            write(file, [{"event", "end"}, {"id", id(test)}])
            {:noreply, file}
          end

          def handle_cast({:test_finished, test}, file) do
            write(file, [
              {"event", "finish"}, {"id", id(test)}, {"class", inspect(test.module)}, {"name", Atom.to_string(test.name)},
              {"file", path(test)}, {"line", test.tags.line}, {"seconds", test.time / 1_000_000} | outcome(test)
            ])
            {:noreply, file}
          end

          def handle_cast(_event, file), do: {:noreply, file}

          defp id(test), do: "#{path(test)}::#{inspect(test.module)}::#{test.name}"

          defp path(test), do: Path.relative_to_cwd(test.tags.file)

          defp outcome(%{state: nil}), do: [{"outcome", "passed"}]
          defp outcome(%{state: {:skipped, reason}}), do: [{"outcome", "skipped"}, {"message", text(reason)}]
          defp outcome(%{state: {:invalid, _}}), do: [{"outcome", "errored"}, {"message", "setup_all failed"}]

          defp outcome(%{state: {:failed, [{kind, error, _} | _] = failures}} = test) do
            details = ExUnit.Formatter.format_test_failure(test, failures, 0, 120, fn _, text -> text end)
            type = if is_exception(error), do: inspect(error.__struct__), else: inspect(kind)
            kind = if type == "ExUnit.AssertionError", do: "failed", else: "errored"
            [{"outcome", kind}, {"type", type}, {"message", message(error)}, {"details", text(details)}]
          end

          defp message(error) when is_exception(error), do: text(Exception.message(error))
          defp message(error), do: inspect(error)

          defp text(value) when is_binary(value), do: value
          defp text(value) when is_list(value), do: IO.iodata_to_binary(value)
          defp text(value), do: inspect(value)

          defp write(file, pairs) do
            fields = Enum.map_join(pairs, ",", fn {key, value} -> "\"#{key}\":#{json(value)}" end)
            IO.binwrite(file, "{#{fields}}\n")
          end

          defp json(value) when is_integer(value) or is_float(value), do: to_string(value)

          defp json(value) do
            [?", for(<<byte <- valid(value)>>, do: escaped(byte)), ?"] |> IO.iodata_to_binary()
          end

          defp valid(value), do: if(String.valid?(value), do: value, else: inspect(value))

          defp escaped(?"), do: "\\\""
          defp escaped(?\\), do: "\\\\"
          defp escaped(byte) when byte < 0x20, do: "\\u00" <> String.pad_leading(Integer.to_string(byte, 16), 2, "0")
          defp escaped(byte), do: byte
        end
        """#
}
