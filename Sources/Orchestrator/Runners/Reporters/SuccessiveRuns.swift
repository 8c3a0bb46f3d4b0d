import SystemPackage

/// One batch as several starts of its tool, one after another: for tools whose selection cannot be said in one command
/// line, because it is too long or because a filter would hold for all files.
struct SuccessiveRuns {
    /// The words in front of each start's own arguments.
    let command: [String]
    /// The arguments of each start.
    let runs: [[String]]

    /// Reads argument lists from standard input, each argument ended by NUL and each list by an empty one; the worst
    /// exit code is the answer. The arguments never pass through the shell's grammar.
    private static let script = """
        status=0
        arguments=()
        while IFS= read -r -d '' argument; do
            if [ -n "$argument" ]; then
                arguments+=("$argument")
                continue
            fi
            "$@" "${arguments[@]}" </dev/null
            code=$?
            [ "$code" -gt "$status" ] && status=$code
            arguments=()
        done
        exit "$status"
        """

    /// What to start: the tool itself where one start is enough.
    var arguments: [String] {
        if let only = runs.first, runs.count == 1 { return command + only }
        return ["bash", "-c", Self.script, "bash"] + command
    }

    /// `nil` where one start is enough.
    var standardInput: [UInt8]? {
        guard runs.count != 1 else { return nil }
        var bytes: [UInt8] = []
        for run in runs {
            for argument in run {
                bytes.append(contentsOf: argument.utf8)
                bytes.append(0)
            }
            bytes.append(0)
        }
        return bytes
    }
}
