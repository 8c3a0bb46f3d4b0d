import CICore

/// The keys of `report:`.
enum ReportKeys {
    static let sections = Key<[ReportSection]>(
        "sections", .words(of: ReportSection.self), default: ReportSection.allCases,
        """
        The parts of a report; they keep their order. Where there is nothing to compare with, all failures are \
        `new-failures`.
        """)
    static let maxFailures = Key<Int?>(
        "max-failures", .count(or: "auto"), default: .some(nil),
        "So many failed tests are shown with their words; `auto` = as many as there is room for.")

    static let owners = Key<OwnerNaming>(
        "owners", .word(of: OwnerNaming.self), default: .name,
        """
        Those whom `CODEOWNERS` names for a failing test's file: `name` = shown so that nobody is told, `mention` = comments \
        tell the first ten of them, `off`.
        """)

    static let section = Section(name: "report", keys: [sections, maxFailures, owners])
}

extension ReportSettings {
    init(_ settings: Settings) {
        self.init(
            sections: Set(settings[ReportKeys.sections] ?? ReportSection.allCases),
            maxFailures: settings[ReportKeys.maxFailures] ?? nil,
            owners: settings[ReportKeys.owners] ?? .name)
    }
}
