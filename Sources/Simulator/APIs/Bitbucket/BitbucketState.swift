import CICore

/// What Bitbucket has been told of a repository.
struct BitbucketState: Sendable {
    var statuses: [Status] = []
    /// By number.
    var pullRequests: [Int: [Comment]]
    var reports: [Report] = []
    var downloads: [Download] = []
    private var lastID = 500_000

    init(_ scenario: Scenario) { pullRequests = [scenario.source.pullRequest: []] }

    /// A number that nothing has yet.
    mutating func nextID() -> Int {
        lastID += 1
        return lastID
    }

    /// A build status.
    struct Status: Sendable, Hashable {
        var commit: String
        var key: String
        var name: String
        var state: String
        var description: String
        var url: String
    }

    /// A comment; a deleted one stays in the list.
    struct Comment: Sendable, Hashable {
        var id: Int
        var raw: String
        var author: String
        /// The path of a comment on a line.
        var path: String?
        var isDeleted = false
        var isEdited = false
    }

    /// A Code Insights report.
    struct Report: Sendable, Hashable {
        var commit: String
        var id: String
        /// As it was sent.
        var content: JSONValue
        var annotations: [JSONValue] = []
    }

    /// A file among the downloads.
    struct Download: Sendable, Hashable {
        var name: String
        /// In bytes.
        var size: Int64
        /// What is kept of it.
        var bytes: [UInt8] = []
    }
}

extension BitbucketState {
    /// The pages of the repository.
    var exhibit: Exhibit {
        let comments = pullRequests.sorted { $0.key < $1.key }.flatMap { number, comments in
            comments.filter { !$0.isDeleted }.map { comment in
                ShownComment(
                    place: "Pull request #\(number)", author: comment.author, markdown: comment.raw,
                    marks: comment.isEdited ? ["edited"] : [])
            }
        }
        return Exhibit(
            comments: comments, statuses: statuses.map(\.shown), reports: reports.map(\.shown),
            files: downloads.map { ShownFile(shelf: "Downloads", path: $0.name, size: $0.size) })
    }
}

extension BitbucketState.Status {
    fileprivate var shown: ShownStatus {
        ShownStatus(
            name: name, state: state, tone: Tone(bitbucket: state), summary: description, url: url, place: commit)
    }
}

extension BitbucketState.Report {
    fileprivate var shown: ShownReport {
        let text = { (name: String) in content[name]?.string ?? "" }
        let figures = (content["data"]?.array ?? []).map { datum in
            NamedValues.Pair(datum["title"]?.string ?? "", datum["value"]?.int.map(String.init) ?? "")
        }
        return ShownReport(
            kind: "Code Insights",
            status: ShownStatus(
                name: text("title"), state: text("result"), tone: Tone(bitbucket: text("result")),
                summary: text("details"), url: content["link"]?.string, place: commit),
            title: text("title"), markdown: text("details"), annotations: annotations.map(Self.shown),
            figures: NamedValues(figures))
    }

    private static func shown(_ annotation: JSONValue) -> ShownAnnotation {
        let severity = annotation["severity"]?.string ?? ""
        return ShownAnnotation(
            path: annotation["path"]?.string, line: annotation["line"]?.int,
            tone: severity == "MEDIUM" ? .warning : severity == "LOW" ? .neutral : .bad,
            title: annotation["summary"]?.string ?? "", message: annotation["details"]?.string ?? "")
    }
}

extension Tone {
    /// Of Bitbucket's words for builds and reports.
    fileprivate init(bitbucket word: String) {
        switch word {
        case "SUCCESSFUL", "PASSED": self = .good
        case "FAILED": self = .bad
        case "INPROGRESS", "PENDING": self = .waiting
        default: self = .neutral
        }
    }
}
