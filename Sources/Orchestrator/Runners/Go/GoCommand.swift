import CICore

/// The words in front of `go`'s own arguments, with what the user put in their place.
struct GoCommand {
    static let tool = RunnerProfile.Tool(executable: "go", debianPackages: ["golang-go"])
    private let suite: Suite

    init(_ suite: Suite) { self.suite = suite }

    /// `go`, or what stands in front of `test` in a command such as `["go1.22", "test", "-race"]`.
    private var go: [String] {
        guard case .arguments(let words) = suite.command.run, let test = words.firstIndex(of: "test"), test > 0 else {
            return ["go"]
        }
        return Array(words[..<test])
    }

    /// The user's flags: what follows `test`, or `--` of gotestsum.
    var flags: [String] {
        guard case .arguments(let words) = suite.command.run else { return [] }
        guard let mark = words.firstIndex(where: { $0 == "test" || $0 == "--" }) else { return [] }
        return Array(words[(mark + 1)...])
    }

    /// The flags that decide which files are built at all.
    var buildFlags: [String] {
        var kept: [String] = []
        var takesNext = false
        for flag in flags {
            if takesNext { kept.append(flag) }
            takesNext = false
            let name = flag.drop { $0 == "-" }
            guard flag.hasPrefix("-"), let known = Self.listed.first(where: { name == $0 || name.hasPrefix($0 + "=") })
            else { continue }
            kept.append(flag)
            takesNext = name == known
        }
        return kept
    }

    private static let listed = ["tags", "mod", "modfile", "overlay"]

    /// For `go list` and listings of tests: without the user's own way to run them.
    func listing(using words: [String]) -> (command: RunnerCommand, arguments: [String]) {
        var plain = suite
        plain.command.run = nil
        return (RunnerCommand(plain, tool: Self.tool, executable: go), words)
    }

    /// The flags of every run, in front of the selection: dt-ci has its own time limits, and what it reports must have
    /// run, so the cache of results is off unless the user says otherwise.
    var runFlags: [String] {
        var result: [String] = []
        if !has("count") { result.append("-count=1") }
        if !has("timeout") { result.append("-timeout=0") }
        return result
    }

    private func has(_ name: String) -> Bool {
        flags.contains { flag in
            let bare = flag.drop { $0 == "-" }
            return flag.hasPrefix("-") && (bare == name || bare.hasPrefix(name + "="))
        }
    }
}
