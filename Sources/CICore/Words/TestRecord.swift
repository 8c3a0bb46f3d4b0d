/// Where a test stands in the source tree.
package struct SourceLocation: Sendable, Hashable {
    /// As the report has it: usually relative to the suite's working directory.
    package var file: String
    /// 1-based; `nil` where the report had none.
    package var line: Int?

    package init(file: String, line: Int? = nil) {
        self.file = file
        self.line = line
    }
}

/// What a test is called in reports.
package struct TestIdentity: Sendable, Hashable {
    package var suite: SuiteName
    package var className: String
    package var name: String
    package var location: SourceLocation?

    package init(suite: SuiteName, className: String, name: String, location: SourceLocation? = nil) {
        self.suite = suite
        self.className = className
        self.name = name
        self.location = location
    }
}

/// One test of a run, with everything that happened to it.
package struct TestRecord: Sendable, Hashable {
    package var id: TestID
    package var identity: TestIdentity
    /// The selector of the coarsest unit that holds the test: its file, class or package.
    package var container: String
    /// In order of execution, never empty.
    package var attempts: [Attempt]
    /// Paths of attachments as the report named them: hostile until checked.
    package var attachments: [String]

    package init(
        id: TestID, identity: TestIdentity, container: String, attempts: [Attempt], attachments: [String] = []
    ) {
        self.id = id
        self.identity = identity
        self.container = container
        self.attempts = attempts
        self.attachments = attachments
    }

    /// Passed if any attempt passed, else the worst of the attempts.
    package var outcome: Outcome { Self.outcome(of: attempts) }

    /// Passed after failing or erroring on the same commit.
    package var isFlaky: Bool { outcome == .passed && attempts.contains { $0.outcome.isFailure } }

    /// The attempt that decided the outcome: the last one that has it.
    package var deciding: Attempt? {
        let outcome = outcome
        return attempts.last { $0.outcome == outcome }
    }

    /// The wall time of the deciding attempt.
    package var duration: Duration { deciding?.duration ?? .zero }

    /// The counting rule for several attempts of one test.
    package static func outcome(of attempts: [Attempt]) -> Outcome {
        if attempts.contains(where: { $0.outcome == .passed }) { return .passed }
        return attempts.map(\.outcome).max() ?? .errored
    }
}
