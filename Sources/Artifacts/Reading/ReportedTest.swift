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
}
