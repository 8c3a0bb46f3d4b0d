/// What a person would see on the pages of a forge or CI service.
package struct Exhibit: Sendable, Hashable {
    package var comments: [ShownComment]
    package var statuses: [ShownStatus]
    /// Check runs and Code Insights.
    package var reports: [ShownReport]
    package var testRuns: [ShownTestRun]
    /// Artifacts, packages, downloads, files on a branch, gists, badges.
    package var files: [ShownFile]
    /// Build texts, tags and problems.
    package var notes: [ShownNote]

    package init(
        comments: [ShownComment] = [], statuses: [ShownStatus] = [], reports: [ShownReport] = [],
        testRuns: [ShownTestRun] = [], files: [ShownFile] = [], notes: [ShownNote] = []
    ) {
        self.comments = comments
        self.statuses = statuses
        self.reports = reports
        self.testRuns = testRuns
        self.files = files
        self.notes = notes
    }

    /// What was not there before: an API that begins with a gist shows it only when it changes.
    package func without(_ before: Self) -> Self {
        Self(
            comments: comments.filter { !before.comments.contains($0) },
            statuses: statuses.filter { !before.statuses.contains($0) },
            reports: reports.filter { !before.reports.contains($0) },
            testRuns: testRuns.filter { !before.testRuns.contains($0) },
            files: files.filter { !before.files.contains($0) }, notes: notes.filter { !before.notes.contains($0) })
    }

    /// Both, one after the other.
    package func joined(with other: Self) -> Self {
        Self(
            comments: comments + other.comments, statuses: statuses + other.statuses,
            reports: reports + other.reports, testRuns: testRuns + other.testRuns, files: files + other.files,
            notes: notes + other.notes)
    }
}

/// How good a thing looks, whatever an API calls it.
package enum Tone: String, Sendable, Hashable, CaseIterable {
    case good
    case bad
    case waiting
    /// Cancelled, skipped, remarks.
    case neutral
    case warning
}

/// A comment on a page.
package struct ShownComment: Sendable, Hashable {
    /// As the page says it: `Pull request #12`.
    package var place: String
    package var author: String
    /// As it was sent; the page makes something of it.
    package var markdown: String
    /// What is written beside it: `edited`, `resolved`.
    package var marks: [String]

    package init(place: String, author: String, markdown: String, marks: [String] = []) {
        self.place = place
        self.author = author
        self.markdown = markdown
        self.marks = marks
    }
}

/// A status of a commit or pull request.
package struct ShownStatus: Sendable, Hashable {
    package var name: String
    /// The API's own word.
    package var state: String
    package var tone: Tone
    package var summary: String
    package var url: String?
    /// What it is pinned to: a commit's hash, `Pull request #12`.
    package var place: String

    package init(name: String, state: String, tone: Tone, summary: String, url: String?, place: String) {
        self.name = name
        self.state = state
        self.tone = tone
        self.summary = summary
        self.url = url
        self.place = place
    }
}

/// A verdict with a text and remarks on lines.
package struct ShownReport: Sendable, Hashable {
    /// What the forge calls it: `Check run`, `Code Insights`.
    package var kind: String
    package var status: ShownStatus
    package var title: String
    package var markdown: String
    package var annotations: [ShownAnnotation]
    /// Numbers with their names.
    package var figures: NamedValues

    package init(
        kind: String, status: ShownStatus, title: String = "", markdown: String = "",
        annotations: [ShownAnnotation] = [], figures: NamedValues = [:]
    ) {
        self.kind = kind
        self.status = status
        self.title = title
        self.markdown = markdown
        self.annotations = annotations
        self.figures = figures
    }
}

/// A remark on a line.
package struct ShownAnnotation: Sendable, Hashable {
    package var path: String?
    /// 1-based.
    package var line: Int?
    package var tone: Tone
    package var title: String
    package var message: String

    package init(path: String?, line: Int?, tone: Tone, title: String, message: String) {
        self.path = path
        self.line = line
        self.tone = tone
        self.title = title
        self.message = message
    }
}

/// A service's own list of tests.
package struct ShownTestRun: Sendable, Hashable {
    package var name: String
    /// The API's own word.
    package var state: String
    package var tests: [ShownTest]
    package var attachments: [ShownFile]

    package init(name: String, state: String, tests: [ShownTest], attachments: [ShownFile] = []) {
        self.name = name
        self.state = state
        self.tests = tests
        self.attachments = attachments
    }
}

/// A test in a service's list.
package struct ShownTest: Sendable, Hashable {
    package var name: String
    /// The API's own word.
    package var result: String
    package var tone: Tone
    package var duration: Duration?
    package var message: String?

    package init(name: String, result: String, tone: Tone, duration: Duration? = nil, message: String? = nil) {
        self.name = name
        self.result = result
        self.tone = tone
        self.duration = duration
        self.message = message
    }
}

/// A file that can be fetched.
package struct ShownFile: Sendable, Hashable {
    /// What the forge calls its place: `Artifact`, `Package`, `Downloads`, `Branch badges`.
    package var shelf: String
    package var path: String
    /// In bytes.
    package var size: Int64
    package var mediaType: String?

    package init(shelf: String, path: String, size: Int64, mediaType: String? = nil) {
        self.shelf = shelf
        self.path = path
        self.size = size
        self.mediaType = mediaType
    }
}

/// A line beside a build.
package struct ShownNote: Sendable, Hashable {
    /// What the service calls it: `Description`, `Status text`, `Tag`, `Build problem`.
    package var kind: String
    package var text: String
    package var tone: Tone

    package init(kind: String, text: String, tone: Tone = .neutral) {
        self.kind = kind
        self.text = text
        self.tone = tone
    }
}
