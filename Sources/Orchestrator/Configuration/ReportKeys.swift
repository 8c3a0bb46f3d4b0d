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

    static let section = Section(name: "report", keys: [sections, maxFailures])
}

extension ReportSettings {
    init(_ settings: Settings) {
        self.init(
            sections: Set(settings[ReportKeys.sections] ?? ReportSection.allCases),
            maxFailures: settings[ReportKeys.maxFailures] ?? nil)
    }
}
