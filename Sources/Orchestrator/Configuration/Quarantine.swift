package import CICore

/// Tests that run and report but do not fail a run, each with an owner and an end.
package struct Quarantine: Sendable, Hashable {
    /// In the order of the file.
    package var entries: [Entry]

    package init(entries: [Entry] = []) { self.entries = entries }

    /// One pattern with the person who answers for it.
    package struct Entry: Sendable, Hashable {
        package var test: TestPattern
        package var owner: String
        package var reason: String
        /// The last day it holds, in UTC.
        package var expires: CalendarDay
        /// Where it stands in the file.
        package var position: ConfigurationError.Position?

        package init(
            test: TestPattern, owner: String, reason: String, expires: CalendarDay,
            position: ConfigurationError.Position? = nil
        ) {
            self.test = test
            self.owner = owner
            self.reason = reason
            self.expires = expires
            self.position = position
        }
    }

    /// The first entry that names the test, expired or not.
    package func entry(matching test: TestID) -> Entry? { entries.first { $0.test.matches(test) } }

    /// The entries that no longer hold; a run fails while there are any.
    package func expired(on day: CalendarDay) -> [Entry] { entries.filter { $0.expires < day } }

    /// The name of the file that is looked for.
    package static let fileName = "quarantine.yml"
}
