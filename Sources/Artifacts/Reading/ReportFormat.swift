/// A report format that dt-ci reads: how it is recognised, and what takes it in.
///
/// One file each in `Formats`, listed in `all`; whatever is listed there goes through the shared conformance suite.
package struct ReportFormat: Sendable {
    /// What `--input-format` takes.
    package let rawValue: String
    /// As its makers write it, such as `NUnit 3`.
    package let title: String
    let kind: Kind

    /// What the bytes of a format are.
    enum Kind: Sendable {
        case xml(XMLGrammar)
        case lines(LineGrammar)
    }

    init(_ rawValue: String, title: String, _ kind: Kind) {
        self.rawValue = rawValue
        self.title = title
        self.kind = kind
    }

    /// Every format; where two could be meant, the first one is.
    package static let all: [ReportFormat] = [
        .swiftTestingXML, .junit, .nunit3, .nunit2, .xunitNet, .trx, .goTestJSON, .swiftEvents,
        .testEvents, .bats, .libtestJSON, .xcresultTests, .xctestLog, .tap,
    ]

    /// The format of this name.
    package init?(rawValue: String) {
        guard let format = Self.all.first(where: { $0.rawValue == rawValue }) else { return nil }
        self = format
    }

    /// The format that a file starts like; an XML file may turn out to be another one by its root element.
    static func detect(_ head: ReportHead) -> ReportFormat? {
        if head.isXML { return all.first { $0.isXML(head) } ?? .junit }
        return all.first { format in
            guard case .lines(let grammar) = format.kind else { return false }
            return head.lines.contains { grammar.recognises($0) }
        } ?? (head.holdsXML ? all.first { $0.isXML(head) } ?? .junit : nil)
    }

    private func isXML(_ head: ReportHead) -> Bool {
        guard case .xml(let grammar) = kind else { return false }
        return grammar.recognises(head)
    }
}

extension ReportFormat: Hashable {
    package static func == (left: Self, right: Self) -> Bool { left.rawValue == right.rawValue }

    package func hash(into hasher: inout Hasher) { hasher.combine(rawValue) }
}

/// A format whose reports are XML.
struct XMLGrammar: Sendable {
    /// The elements that a report may start with.
    var roots: [XMLName]
    /// Whether a file is surely of this format; without it the root element decides.
    var recognises: @Sendable (ReportHead) -> Bool = { _ in false }
    /// Makes illegal XML of a known kind legal before it is parsed.
    var repairsNames = false
    /// What takes the elements in.
    var dialect: @Sendable (ReportSink) -> any XMLDialect
}

/// A format whose reports are lines of text.
struct LineGrammar: Sendable {
    /// Whether this line, as a rule the first, can only be of this format.
    var recognises: @Sendable (ArraySlice<UInt8>) -> Bool
    /// What takes the lines in.
    var dialect: @Sendable (ReportSink) -> any LineDialect
}

/// Takes the lines of one report in, in order.
protocol LineDialect: AnyObject {
    /// One line without its line feed.
    func line(_ bytes: UnsafeBufferPointer<UInt8>)

    /// The end of the file.
    func finish()
}
