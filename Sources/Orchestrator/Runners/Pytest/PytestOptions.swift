/// Reads `addopts` for one question: may they change which files are collected?
struct PytestOptions {
    /// Whether anything is there that is not known to be harmless.
    private(set) var changesCollection = false
    /// Paths of `--ignore`.
    private(set) var ignored: [String] = []

    /// Options with no say in which files are collected, alone or with `=value`.
    private static let harmless: Set<String> = [
        "--verbose", "--quiet", "--exitfirst", "--showlocals", "--no-showlocals", "--no-header", "--no-summary",
        "--strict", "--strict-markers", "--strict-config", "--disable-warnings", "--disable-pytest-warnings", "--lf",
        "--last-failed", "--ff", "--failed-first", "--nf", "--new-first", "--sw", "--stepwise", "--cache-clear",
        "--no-cov", "--no-cov-on-fail", "--cov-branch", "--cov-append", "--setup-show", "--full-trace", "--runxfail",
        "--force-sugar", "--benchmark-disable", "--benchmark-skip", "--benchmark-enable", "--benchmark-only",
        "--random-order", "--disable-socket", "--allow-unix-socket", "--reuse-db", "--nomigrations",
        "--no-migrations", "--create-db", "--force-flaky", "--snapshot-update", "--fixtures", "--capture=no",
    ]
    /// Options that take a value, as `--name=value` or `--name value`.
    private static let valued: Set<String> = [
        "--tb", "--color", "--code-highlight", "--maxfail", "--durations", "--durations-min", "--verbosity",
        "--show-capture",
        "--capture", "--basetemp", "--import-mode", "--junitxml", "--junit-xml", "--junit-prefix", "--assert",
        "--log-level",
        "--log-cli-level", "--log-file", "--log-file-level", "--log-format", "--log-date-format", "--log-cli-format",
        "--cov", "--cov-report", "--cov-config", "--cov-fail-under", "--cov-context", "--numprocesses", "--dist",
        "--maxprocesses", "--max-worker-restart", "--timeout", "--timeout-method", "--reruns", "--reruns-delay",
        "--only-rerun", "--asyncio-mode", "--html", "--randomly-seed", "--pythonwarnings", "--deselect", "--ds",
        "--benchmark-columns", "--benchmark-sort", "--benchmark-min-rounds", "--benchmark-max-time",
        "--benchmark-group-by", "--benchmark-warmup", "--random-order-bucket", "--random-order-seed", "--report-log",
        "--alluredir", "--xfail-tb", "--no-fold-skipped",
    ]
    /// Short options with a value, attached or as the next word.
    private static let shortValued = "rkmWno".utf8
    /// Short options without one.
    private static let shortPlain = "vqslx".utf8

    init(_ words: [String]) {
        var rest = words[...]
        while let word = rest.popFirst() { take(word, &rest) }
    }

    private mutating func take(_ word: String, _ rest: inout ArraySlice<String>) {
        let parts = word.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
        if parts[0] == "--ignore" {
            if let path = parts.count > 1 ? parts[1] : rest.popFirst() { ignored.append(path) }
        } else if word == "-p" || word.hasPrefix("-pno:") {
            // Switching a plugin off is harmless only where it collects nothing of its own, as the built-in ones.
            let name = word == "-p" ? rest.popFirst() ?? "" : String(word.dropFirst(2))
            if !name.hasPrefix("no:") || name == "no:python" || name == "no:unittest" { changesCollection = true }
        } else if Self.valued.contains(parts[0]) {
            if parts.count == 1, !Self.isOptional(parts[0]) { rest.removeFirstIfAny() }
        } else if !Self.harmless.contains(parts[0]) {
            takeShort(word, &rest)
        }
    }

    /// `-ra`, `-vv`, `-n 4`, `-n4`, `-xq`; everything else may do anything.
    private mutating func takeShort(_ word: String, _ rest: inout ArraySlice<String>) {
        let letters = word.utf8.dropFirst()
        guard word.utf8.first == UInt8(ascii: "-"), let first = letters.first, first != UInt8(ascii: "-") else {
            changesCollection = true
            return
        }
        if Self.shortValued.contains(first) {
            let value = letters.count > 1 ? String(word.dropFirst(2)) : rest.popFirst() ?? ""
            // `-o name=value` overrides any setting.
            if first == UInt8(ascii: "o") { changesCollection = changesCollection || Self.overridesCollection(value) }
        } else if !letters.allSatisfy({ Self.shortPlain.contains($0) }) {
            changesCollection = true
        }
    }

    private static func overridesCollection(_ setting: String) -> Bool {
        ["testpaths", "python_files", "norecursedirs", "addopts"].contains { setting.hasPrefix($0) }
    }

    /// `--cov` may stand alone.
    private static func isOptional(_ name: String) -> Bool { name == "--cov" }
}

extension ArraySlice {
    fileprivate mutating func removeFirstIfAny() {
        if !isEmpty { removeFirst() }
    }
}
