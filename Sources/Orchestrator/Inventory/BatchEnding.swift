/// What is known when a batch's process has ended.
package struct BatchEnding: Sendable, Hashable {
    /// Cases read from its reports.
    package var reported: Int
    /// Of these, failed or errored.
    package var failures: Int
    /// The last part of its output, at most 64 KiB.
    package var outputTail: String

    package init(reported: Int, failures: Int, outputTail: String) {
        self.reported = reported
        self.failures = failures
        self.outputTail = outputTail
    }
}
