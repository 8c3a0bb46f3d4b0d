/// What of a run's results a report for people shows.
package struct ReportSettings: Sendable, Hashable {
    /// In the reports' own order, whatever the order here.
    package var sections: Set<ReportSection>
    /// Failed tests with their words, all lists of failures together; `nil` = as many as the rendering has room for.
    package var maxFailures: Int?
    package var owners: OwnerNaming

    package init(
        sections: Set<ReportSection> = Set(ReportSection.allCases), maxFailures: Int? = nil, owners: OwnerNaming = .name
    ) {
        self.sections = sections
        self.maxFailures = maxFailures
        self.owners = owners
    }

    /// Whether a section is wanted.
    package func wants(_ section: ReportSection) -> Bool { sections.contains(section) }
}

/// How a report speaks of those who answer for a failing test.
package enum OwnerNaming: String, Sendable, Hashable, CaseIterable {
    /// So that nobody is told.
    case name
    /// So that the forge tells them.
    case mention
    case off
}

/// One part of a report, in the order of what needs a person first.
package enum ReportSection: String, Sendable, Hashable, CaseIterable {
    /// The heading, the counts and what the run is compared with.
    case verdict
    /// That every test ran, and the tests that are not known to have.
    case completeness
    /// All failures where there is nothing to compare with.
    case newFailures = "new-failures"
    case stillFailing = "still-failing"
    case reproduce
    case fixed
    case flaky
    case newlySkipped = "newly-skipped"
    case removed
    case slower
    case slowest
    case nodes
    case artifacts
    /// The reports that were read.
    case files
    case warnings
    /// The picture of batches in their slots; pages only.
    case timeline
    /// The picture of how long tests take; pages only.
    case durations
    /// The list of every test; pages only.
    case tests
}
