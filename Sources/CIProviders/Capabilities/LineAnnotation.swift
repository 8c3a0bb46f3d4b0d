/// A remark on a line of a file.
package struct LineAnnotation: Sendable, Hashable {
    /// How bad it is.
    package enum Level: String, Sendable, Hashable, CaseIterable {
        case notice
        case warning
        case failure
    }

    /// Relative to the repository's root, with slashes; `nil` where a test has no place in the tree.
    package var path: String?
    /// 1-based.
    package var line: Int?
    package var level: Level
    /// One line.
    package var title: String
    /// May be long; each API cuts it to its own limit.
    package var message: String
    /// The same for the same failure in every run: what tells twins apart where an API wants a key.
    package var key: String

    package init(path: String?, line: Int?, level: Level, title: String, message: String, key: String) {
        self.path = path
        self.line = line
        self.level = level
        self.title = title
        self.message = message
        self.key = key
    }
}

/// A verdict with a text and remarks on lines: GitHub's check run, Bitbucket's Code Insights report.
package struct AnnotatedReport: Sendable, Hashable {
    package var status: CommitStatus
    /// Markdown in the dialect of the forge; pages of which each is whole by itself, for an API with places for several.
    package var pages: [String]
    /// Failures first; an API that takes fewer leaves out the last.
    package var annotations: [LineAnnotation]
    /// Numbers worth a place of their own, such as `("Passed", 310)`.
    package var figures: [Figure]

    package init(status: CommitStatus, pages: [String], annotations: [LineAnnotation], figures: [Figure] = []) {
        self.status = status
        self.pages = pages
        self.annotations = annotations
        self.figures = figures
    }

    /// One number with its name.
    package struct Figure: Sendable, Hashable {
        package var name: String
        package var value: Int

        package init(name: String, value: Int) {
            self.name = name
            self.value = value
        }
    }
}

/// Takes annotated reports of one commit; posting the same name again replaces what stands, so that a run can begin
/// with a pending one.
package protocol AnnotationBoard: Sendable {
    /// Posts or updates the report and returns the page that shows it, where the API tells.
    func post(_ report: AnnotatedReport) async throws(APIError) -> String?
}
