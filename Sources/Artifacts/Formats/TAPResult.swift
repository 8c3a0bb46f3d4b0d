import CICore

/// `1..5 # SKIP reason`
struct TAPPlan {
    private(set) var count: Int
    private(set) var reason: String

    init?(_ line: UnsafeBufferPointer<UInt8>) {
        guard line.hasPrefix("1..") else { return nil }
        let digits = line.part(3..<line.count).prefix { $0 >= 0x30 && $0 <= 0x39 }
        guard (1...9).contains(digits.count), let count = Int(String(decoding: digits, as: UTF8.self)) else {
            return nil
        }
        let rest = line.part((3 + digits.count)..<line.count).trimmed
        guard rest.isEmpty || rest[0] == UInt8(ascii: "#") else { return nil }
        self.count = count
        reason = rest.isEmpty ? "" : rest.part(1..<rest.count).trimmed.text
    }
}

/// `not ok 3 - name # TODO reason`
struct TAPResult {
    private(set) var name: String
    private(set) var outcome: Outcome
    private var reason: String?
    private var duration = Duration.zero
    /// What dt-ci has to say of it.
    var note: String?
    var diagnostics: TAPDiagnostics?

    init?(_ line: UnsafeBufferPointer<UInt8>) {
        let isFailure = line.hasPrefix("not ok")
        guard isFailure || line.hasPrefix("ok") else { return nil }
        var rest = line.part((isFailure ? 6 : 2)..<line.count)
        guard rest.isEmpty || ReportHead.isSpace(rest[0]) else { return nil }
        rest = rest.trimmed
        let digits = rest.prefix { $0 >= 0x30 && $0 <= 0x39 }.count
        guard digits > 0 || rest.isEmpty || rest[0] == UInt8(ascii: "-") || isFailure else { return nil }
        let number = rest.part(0..<digits).text
        var words = rest.part(digits..<rest.count).trimmed
        if words.hasPrefix("- ") || words.equals("-") { words = words.part(1..<words.count).trimmed }
        let directive = TAPDirective(words)
        var text = TAPDirective.unescaped(words.part(0..<directive.start).trimmed)
        outcome = isFailure ? .failed : .passed
        if directive.kind == .skip || (directive.kind == .todo && isFailure) {
            outcome = .skipped
            reason = directive.reason
        }
        if let (shorter, milliseconds) = Self.batsTime(text) {
            text = shorter
            duration = .milliseconds(milliseconds)
        }
        name = SafeText.Bounded.head(text.isEmpty ? "test \(number)" : text, limit: 4096).text
    }

    /// Where the diagnostics say the test stands.
    var location: SourceLocation? { diagnostics?.location }

    /// The one attempt of this test.
    func attempt(comments: String) -> Attempt {
        var attempt = Attempt(outcome: outcome, duration: diagnostics?.duration ?? duration)
        guard outcome != .passed else {
            attempt.output = comments.isEmpty ? nil : comments
            return attempt
        }
        let details = [comments, diagnostics?.text ?? ""].filter { !$0.isEmpty }.joined(separator: "\n")
        let message = note ?? reason ?? diagnostics?.message ?? Self.firstLine(comments)
        attempt.reason = Attempt.Reason(
            type: diagnostics?.type, message: message.flatMap { $0.isEmpty ? nil : $0 },
            details: details.isEmpty ? nil : details)
        return attempt
    }

    private static func firstLine(_ comments: String) -> String? {
        comments.split(separator: "\n").lazy.map { $0.drop { $0 == " " } }.first { !$0.isEmpty && !$0.hasPrefix("(") }
            .map(String.init)
    }

    /// `name in 12ms`, as `bats --timing` writes.
    private static func batsTime(_ text: String) -> (name: String, milliseconds: Int)? {
        guard text.hasSuffix("ms"), let range = text.ranges(of: " in ").last else { return nil }
        guard let time = Int(text[range.upperBound...].dropLast(2)), time >= 0, time < 1_000_000_000 else { return nil }
        return (String(text[..<range.lowerBound]), time)
    }
}

/// ` # SKIP reason` or ` # TODO reason` at the end of a result.
struct TAPDirective {
    /// What it says.
    enum Kind {
        case none
        case skip
        case todo
    }

    private(set) var kind = Kind.none
    private(set) var reason = ""
    /// Where in the words it starts.
    private(set) var start: Int

    init(_ words: UnsafeBufferPointer<UInt8>) {
        start = words.count
        var index = 0
        while index < words.count {
            if words[index] == UInt8(ascii: "\\") {
                index += 2
                continue
            }
            if words[index] == UInt8(ascii: "#"), read(words.part((index + 1)..<words.count).trimmed) {
                start = index
                return
            }
            index += 1
        }
    }

    private mutating func read(_ rest: UnsafeBufferPointer<UInt8>) -> Bool {
        let text = rest.text
        let word = text.prefix(4).lowercased()
        guard word == "skip" || word == "todo" else { return false }
        kind = word == "skip" ? .skip : .todo
        // `# skipped: reason` and `# TODO: reason` are met too.
        let more = text.dropFirst(4).drop { $0.isLetter || $0 == ":" }
        reason = String(more.drop { $0 == " " })
        return true
    }

    /// Backslashes before `#` and backslashes fall away (TAP 14).
    static func unescaped(_ words: UnsafeBufferPointer<UInt8>) -> String {
        var bytes: [UInt8] = []
        var index = 0
        while index < words.count {
            if words[index] == UInt8(ascii: "\\"), index + 1 < words.count,
                words[index + 1] == UInt8(ascii: "#") || words[index + 1] == UInt8(ascii: "\\")
            {
                index += 1
            }
            bytes.append(words[index])
            index += 1
        }
        return String(decoding: bytes, as: UTF8.self)
    }
}

/// The YAML block of a result: kept as text, a few well-known keys understood.
struct TAPDiagnostics {
    let indent: Int
    private let limits: ReportLimits
    private var body: BoundedText
    private var values: [String: String] = [:]
    /// The key of a block text (`error: |-`) whose first line is still to come.
    private var pendingKey: String?

    init(indent: Int, limits: ReportLimits) {
        self.indent = indent
        self.limits = limits
        body = BoundedText(limit: limits.text)
    }

    mutating func append(_ words: UnsafeBufferPointer<UInt8>, indent lineIndent: Int) {
        let text = limits.text(words)
        body.append(String(repeating: " ", count: max(0, min(lineIndent, 80) - indent)) + text + "\n")
        if let key = pendingKey, lineIndent > indent {
            values[key] = text
            pendingKey = nil
            return
        }
        guard lineIndent == indent, let colon = text.firstIndex(of: ":") else { return }
        let key = String(text[..<colon])
        let value = text[text.index(after: colon)...].drop { $0 == " " }
        guard Self.known.contains(key) else { return }
        if value.hasPrefix("|") || value.hasPrefix(">") { pendingKey = key } else { values[key] = Self.unquoted(value) }
    }

    private static let known: Set<String> = [
        "message", "error", "duration_ms", "type", "failureType", "location", "at", "name", "code", "file", "line",
    ]

    var text: String { body.isEmpty ? "" : body.text }

    var message: String? { values["message"] ?? values["error"] }

    var type: String? { values["name"] ?? values["failureType"] ?? values["code"] }

    var duration: Duration? {
        values["duration_ms"].flatMap(Double.init).map {
            .nanoseconds(ReportedSeconds.nanoseconds(of: $0 / 1000, isWhole: false))
        }
    }

    /// `location: '/path/file.js:3:1'`, or `file:` and `line:`.
    var location: SourceLocation? {
        if let file = values["file"] { return SourceLocation(file: file, line: values["line"].flatMap { Int($0) }) }
        guard let place = values["location"] ?? values["at"], !place.isEmpty else { return nil }
        var parts = place.split(separator: ":", omittingEmptySubsequences: false)
        guard parts.count >= 2, let last = Int(parts[parts.count - 1]) else { return SourceLocation(file: place) }
        parts.removeLast()
        guard parts.count >= 2, let line = Int(parts[parts.count - 1]) else {
            return SourceLocation(file: parts.joined(separator: ":"), line: last)
        }
        return SourceLocation(file: parts.dropLast().joined(separator: ":"), line: line)
    }

    /// `(in test file test/a.bats, line 5)` of bats' comments.
    static func batsPlace(_ comments: String) -> SourceLocation? {
        guard let start = comments.firstRange(of: "in test file "),
            let end = comments[start.upperBound...].firstRange(of: ", line ")
        else { return nil }
        let digits = comments[end.upperBound...].prefix { $0.isNumber }
        return SourceLocation(file: String(comments[start.upperBound..<end.lowerBound]), line: Int(digits))
    }

    private static func unquoted(_ value: Substring) -> String {
        for quote in ["'", "\""] where value.hasPrefix(quote) && value.hasSuffix(quote) && value.count > 1 {
            return String(value.dropFirst().dropLast())
        }
        return String(value)
    }
}
