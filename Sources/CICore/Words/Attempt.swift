/// One execution of one test.
package struct Attempt: Sendable, Hashable {
    package var outcome: Outcome
    /// Wall time; zero where the report had none.
    package var duration: Duration
    /// Why it failed, errored or was skipped; `nil` when it passed.
    package var reason: Reason?
    /// What the test wrote, bounded by the reader, standard output before standard error.
    package var output: String?

    package init(outcome: Outcome, duration: Duration = .zero, reason: Reason? = nil, output: String? = nil) {
        self.outcome = outcome
        self.duration = duration
        self.reason = reason
        self.output = output
    }

    /// The runner's own words for an outcome.
    package struct Reason: Sendable, Hashable {
        /// The exception's or assertion's type, such as `AssertionError`.
        package var type: String?
        /// The type of a test that could not be collected: never tried again, exit code 3.
        package static let collectionError = "CollectionError"
        /// The type of a unit that could not be built: never tried again, exit code 3.
        package static let buildError = "BuildError"

        /// The type of a test that was not run because another one did not pass.
        package static let dependency = "Dependency"

        /// Whether the test never began because its code could not be loaded or built.
        package var isBroken: Bool { type == Self.collectionError || type == Self.buildError }

        /// One line, as the report's `message` has it.
        package var message: String?
        /// The body: usually the stack trace.
        package var details: String?
        /// The test whose failure is why this one was not run.
        package var because: TestID?

        package init(
            type: String? = nil, message: String? = nil, details: String? = nil, because: TestID? = nil
        ) {
            self.type = type
            self.message = message
            self.details = details
            self.because = because
        }
    }
}
