package import CICore

/// What a CI service shows of a running build beside its log.
///
/// What the service's capabilities do not list is answered with an error.
package protocol BuildBoard: Sendable {
    /// One line beside the build's number: Jenkins' description, TeamCity's status text.
    func describe(_ text: String) async throws(APIError)
    /// Labels by which builds are found again.
    func tag(_ tags: [String]) async throws(APIError)
    /// Names a reason for a red build.
    func reportProblem(_ text: String) async throws(APIError)
}

extension BuildBoard {
    package func describe(_ text: String) async throws(APIError) { throw .missing(Capability.buildText.rawValue) }
    package func tag(_ tags: [String]) async throws(APIError) { throw .missing(Capability.buildTags.rawValue) }
    package func reportProblem(_ text: String) async throws(APIError) {
        throw .missing(Capability.buildProblem.rawValue)
    }
}

/// A service's own list of tests: Azure DevOps' test runs.
package protocol TestRunBoard: Sendable {
    /// Posts all tests as one finished run, with the files attached, and returns its page.
    func post(_ results: RunResults, name: String, attachments: [SharedFile]) async throws(APIError) -> String?
}

/// What a journal can be asked.
package enum JournalTopic: String, Sendable, Hashable, CaseIterable {
    case jobs
    case tests
    case artifacts
    case flakyTests = "flaky tests"
    case log
    case restart
}

/// What a CI service's API tells of a build that runs or ran. Questions that are not among the API's topics are answered
/// with an error.
package protocol BuildJournal: Sendable {
    /// The job that this process is part of; `nil` where the environment does not tell.
    var currentJob: String? { get }
    func jobs() async throws(APIError) -> [BuildJob]
    func tests(ofJob id: String) async throws(APIError) -> [JournalTest]
    func artifacts(ofJob id: String) async throws(APIError) -> [JournalArtifact]
    /// Tests that the service itself found flaky.
    func flakyTests() async throws(APIError) -> [JournalTest]
    /// The log's last part, bounded by the exchange's limit.
    func log(ofJob id: String) async throws(APIError) -> String
    /// Starts the job, or the build where `id` is `nil`, once more.
    func restart(job id: String?) async throws(APIError)
}

extension BuildJournal {
    package func tests(ofJob id: String) async throws(APIError) -> [JournalTest] {
        throw .missing(JournalTopic.tests.rawValue)
    }
    package func artifacts(ofJob id: String) async throws(APIError) -> [JournalArtifact] {
        throw .missing(JournalTopic.artifacts.rawValue)
    }
    package func flakyTests() async throws(APIError) -> [JournalTest] {
        throw .missing(JournalTopic.flakyTests.rawValue)
    }
    package func log(ofJob id: String) async throws(APIError) -> String { throw .missing(JournalTopic.log.rawValue) }
    package func restart(job id: String?) async throws(APIError) { throw .missing(JournalTopic.restart.rawValue) }
}

extension APIError {
    /// The API has no call for it.
    fileprivate static func missing(_ what: String) -> Self {
        Self(.refused, what, detail: "the service's API has no such call")
    }
}

/// A job as its service lists it.
package struct BuildJob: Sendable, Hashable {
    package var id: String
    package var name: String
    /// The service's own word.
    package var state: String
    package var url: String?

    package init(id: String, name: String, state: String, url: String? = nil) {
        self.id = id
        self.name = name
        self.state = state
        self.url = url
    }
}

/// A test as a service lists it.
package struct JournalTest: Sendable, Hashable {
    package var name: String
    package var className: String?
    package var file: String?
    /// The service's own word.
    package var result: String
    package var duration: Duration?

    package init(
        name: String, className: String? = nil, file: String? = nil, result: String, duration: Duration? = nil
    ) {
        self.name = name
        self.className = className
        self.file = file
        self.result = result
        self.duration = duration
    }
}

/// An artifact as a service lists it.
package struct JournalArtifact: Sendable, Hashable {
    package var path: String
    package var url: String?
    /// In bytes.
    package var size: Int64?

    package init(path: String, url: String? = nil, size: Int64? = nil) {
        self.path = path
        self.url = url
        self.size = size
    }
}
