/// The answer of `--gtest_list_tests`: suites at the start of a line, their tests below them.
struct GoogleTestListing {
    /// `Suite.Test` in order, the disabled ones left out.
    private(set) var tests: [String] = []
    private(set) var disabled = 0

    init(_ text: String) {
        var suite = ""
        for line in text.split(separator: "\n") {
            // `# TypeParam = …` and `# GetParam() = …` are comments.
            var words = line.firstRange(of: "  # ").map { line[..<$0.lowerBound] } ?? line
            while words.last == " " || words.last == "\r" { words = words.dropLast() }
            if words.hasPrefix("  ") {
                let name = words.dropFirst(2)
                guard !suite.isEmpty, !name.isEmpty, !name.contains(" ") else { continue }
                let isDisabled = [Substring(suite), name].contains { part in
                    part.split(separator: "/").contains { $0.hasPrefix("DISABLED_") }
                }
                if isDisabled { disabled += 1 } else { tests.append(suite + name) }
            } else {
                suite = words.hasSuffix(".") && !words.contains(" ") ? String(words) : ""
            }
        }
    }
}
