/// How a service's log says more than text.
package struct LogDialect: Sendable {
    /// What a line of the log means to the service that shows it.
    package enum Meaning: Sendable, Hashable {
        case text
        case foldOpened(String)
        /// The innermost fold, whatever its name was.
        case foldClosed
        case annotation(ShownAnnotation)
        case note(ShownNote)
        case file(ShownFile)
        /// A file whose Markdown is shown beside the log.
        case summary(path: String)
        case test(TestMessage)
        /// Commands are text until a line `::TOKEN::`.
        case commandsStopped(token: String)
        /// The service acts on it and shows nothing.
        case hidden
    }

    /// A test told of in the log.
    package enum TestMessage: Sendable, Hashable {
        case started(String)
        case failed(String, message: String)
        case ignored(String)
        case finished(String, milliseconds: Int?)
    }

    package let id: String
    private let reading: @Sendable (String) -> Meaning

    init(_ id: String, reading: @escaping @Sendable (String) -> Meaning) {
        self.id = id
        self.reading = reading
    }

    /// What a line without its end means.
    package func meaning(of line: String) -> Meaning { reading(line) }

    /// Every dialect.
    package static let all: [LogDialect] = [.plain, .gitHubActions, .gitLabCI, .azurePipelines, .teamCity, .travisCI]

    /// Jenkins, CircleCI and Bitbucket: text and nothing else.
    static let plain = LogDialect("plain") { _ in .text }
}

extension String {
    /// The text with each escape replaced by what it stands for, in one pass and in the order of the table.
    func unescaped(_ table: [(escape: String, meaning: String)]) -> String {
        var result = ""
        var rest = self[...]
        while !rest.isEmpty {
            if let entry = table.first(where: { rest.hasPrefix($0.escape) }) {
                result += entry.meaning
                rest = rest.dropFirst(entry.escape.count)
            } else {
                result.append(rest.removeFirst())
            }
        }
        return result
    }
}
