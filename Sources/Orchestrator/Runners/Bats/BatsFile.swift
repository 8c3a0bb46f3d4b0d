/// What a bats file says of its tests, read as bats' own preprocessor reads it (bats-core, `bats-preprocess`).
struct BatsFile {
    /// Names as written, in the order of the file.
    private(set) var names: [String] = []
    /// Whether it has a fixture that runs once around all of its tests.
    private(set) var hasFileFixture = false
    /// From `# bats file_tags=a,b`.
    private(set) var tags: [String] = []

    init(_ text: String) {
        for line in text.split(omittingEmptySubsequences: true, whereSeparator: \.isNewline) {
            let line = Self.trimmed(line)
            if let name = Self.declared(line) ?? Self.commented(line) {
                names.append(name)
            } else if line.hasPrefix("setup_file") || line.hasPrefix("teardown_file")
                || line.hasPrefix("function setup_file") || line.hasPrefix("function teardown_file")
            {
                hasFileFixture = true
            } else if line.hasPrefix("#"), let start = line.firstRange(of: "bats file_tags=") {
                tags = line[start.upperBound...].split(separator: ",").map { String(Self.trimmed($0)) }
            }
        }
    }

    /// `@test "name" { …`: the name ends before the last `{` that follows a blank.
    private static func declared(_ line: Substring) -> String? {
        guard line.hasPrefix("@test") else { return nil }
        let rest = line.dropFirst(5)
        guard let first = rest.first, isBlank(first) else { return nil }
        var brace = rest.lastIndex(of: "{")
        while let index = brace {
            if index > rest.startIndex, isBlank(rest[rest.index(before: index)]) {
                let name = trimmed(rest[..<index])
                if !name.isEmpty { return unquoted(name) }
            }
            brace = rest[..<index].lastIndex(of: "{")
        }
        return nil
    }

    /// `name() { # @test`
    private static func commented(_ line: Substring) -> String? {
        guard line.hasSuffix("@test") else { return nil }
        var head = trimmed(line.dropLast(5))
        guard head.hasSuffix("#") else { return nil }
        head = trimmed(head.dropLast())
        guard head.hasSuffix("{") else { return nil }
        head = trimmed(head.dropLast())
        if head.hasSuffix(")") { head = head.dropLast() }
        if head.hasSuffix("(") { head = head.dropLast() }
        head = trimmed(head)
        let name = head.reversed().prefix { !isBlank($0) && $0 != "(" && $0 != ")" }
        return name.isEmpty ? nil : unquoted(Substring(String(name.reversed())))
    }

    /// Without one quote at either end, whichever it is.
    private static func unquoted(_ name: Substring) -> String {
        var name = name
        if let first = name.first, first == "\"" || first == "'" { name = name.dropFirst() }
        if let last = name.last, last == "\"" || last == "'" { name = name.dropLast() }
        return String(name)
    }

    private static func trimmed(_ text: Substring) -> Substring {
        var text = text.drop(while: isBlank)
        while let last = text.last, isBlank(last) { text = text.dropLast() }
        return text
    }

    private static func isBlank(_ character: Character) -> Bool { character == " " || character == "\t" }
}
