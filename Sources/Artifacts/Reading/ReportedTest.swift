package import CICore

/// One test as one report has it, before it is matched with the inventory.
package struct ReportedTest: Sendable, Hashable {
    /// The names of the suites around it, outermost first.
    package var suitePath: [String]
    package var className: String
    package var name: String
    package var location: SourceLocation?
    /// Never empty; several when the report itself holds reruns.
    package var attempts: [Attempt]
    /// Paths from `[[ATTACHMENT|path]]` and properties: hostile until checked.
    package var attachments: [String]
    package var properties: [String: String]

    package init(
        suitePath: [String] = [], className: String = "", name: String, location: SourceLocation? = nil,
        attempts: [Attempt]
    ) {
        self.suitePath = suitePath
        self.className = className
        self.name = name
        self.location = location
        self.attempts = attempts
        self.attachments = []
        self.properties = [:]
    }

    package var outcome: Outcome { TestRecord.outcome(of: attempts) }

    /// The property of a test that had begun when its stream broke off: it is errored as long as nobody runs it again.
    package static let unfinishedProperty = "dtci.unfinished"

    /// Whether the report broke off within this test.
    package var isUnfinished: Bool { properties[Self.unfinishedProperty] != nil }

    /// This test, as one that the report broke off in.
    func unfinished() -> ReportedTest {
        var copy = self
        copy.properties[Self.unfinishedProperty] = "true"
        return copy
    }
}
