import SystemPackage

/// One batch as several starts of tools, one after another: for tools whose selection cannot be said in one command
/// line, because it is too long, because a filter would hold for all binaries, or because each start writes its report
/// to standard output.
struct RunSeries {
    /// One start.
    struct Run: Hashable {
        var arguments: [String]
        /// Takes standard output; `nil` leaves it in the batch's own.
        var output: FilePath?

        init(_ arguments: [String], output: FilePath? = nil) {
            self.arguments = arguments
            self.output = output
        }
    }

    /// Never empty.
    let runs: [Run]

    /// Reads the starts from standard input: for each the output file, which may be empty, then its arguments, each
    /// ended by NUL, then an empty one. The worst exit code is the answer. No argument passes through the shell's
    /// grammar, and bash itself ignores SIGQUIT, so that a stack dump of the tool ends nothing.
    private static let script = """
        status=0
        while IFS= read -r -d '' output; do
            arguments=()
            while IFS= read -r -d '' argument && [ -n "$argument" ]; do arguments+=("$argument"); done
            if [ -n "$output" ]; then
                "${arguments[@]}" </dev/null >"$output"
            else
                "${arguments[@]}" </dev/null
            fi
            code=$?
            [ "$code" -gt "$status" ] && status=$code
        done
        exit "$status"
        """

    private var isPlain: Bool { runs.count == 1 && runs[0].output == nil }

    /// What to start: the tool itself where one plain start is enough.
    var arguments: [String] { isPlain ? runs[0].arguments : ["bash", "-c", Self.script] }

    /// `nil` where one plain start is enough.
    var standardInput: [UInt8]? {
        guard !isPlain else { return nil }
        var bytes: [UInt8] = []
        for run in runs {
            for word in [run.output?.string ?? ""] + run.arguments.filter({ !$0.isEmpty }) {
                bytes.append(contentsOf: word.utf8)
                bytes.append(0)
            }
            bytes.append(0)
        }
        return bytes
    }
}
