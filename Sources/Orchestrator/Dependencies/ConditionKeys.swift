import CICore

/// The keys of one entry of `suites:` that say what its tests wait for and what they must not share.
enum ConditionKeys {
    static let after = Key<[String]>(
        "after", .references, default: [],
        """
        What must have passed before a test of this suite starts, where it is part of the run; what then fails leaves these \
        tests out as skipped. Names of suites, `group:NAME`, `tag:NAME` or `suite::pattern`.
        """)
    static let setup = Key<[String]>(
        "setup", .texts, default: [],
        "Suites that prepare this one: they run before it, and whenever any part of it runs.")
    static let teardown = Key<String?>(
        "teardown", .text(or: "none"), default: .some(nil),
        """
        The suite that cleans up after this one: it runs when this suite and all that waits for it have ended, however they \
        ended, unless this suite never began.
        """)
    static let exclusive = Key<[String: Int]>(
        "exclusive", .claims, default: [:],
        """
        What no two batches may use at once: a name, a list of names, or a mapping of names to how many of the \
        semaphore's places a batch takes.
        """)
    static let rules = Key<[Settings]>(
        "rules", .sections(of: RuleKeys.section), default: [], "What holds for parts of the suite only.")

    static let all: [any AnyKey] = [after, setup, teardown, exclusive, rules]
}

/// The keys of one entry of `rules:` in a suite.
enum RuleKeys {
    static let tests = Key<[String]>(
        "tests", .texts, default: [],
        "Ids or globs of the tests it is about, without `suite::`: a file's name means all of its tests; none = all.")
    static let tags = Key<[String]>(
        "tags", .texts, default: [],
        "Only tests with one of these markers or labels, in the runner's own words; none = all.")
    static let after = Key<[String]>(
        "after", .references, default: [],
        "What must have passed before these tests start, as `after:` of a suite; they never wait for each other.")
    static let exclusive = Key<[String: Int]>(
        "exclusive", .claims, default: [:], "What no two batches may use at once, as `exclusive:` of a suite.")
    static let serial = Key<Bool>(
        "serial", .flag, default: false, "Whether nothing of any suite may run beside these tests.")

    static let requires = Key<Requirement?>(
        "requires", .requirement, default: .some(nil),
        "What these tests need of their machine, beside what the whole suite requires.")

    static let section = Section(name: "rules", keys: [tests, tags, after, exclusive, serial, requires])
}

extension Suite.Conditions {
    init(_ settings: Settings, _ book: ConditionBook) {
        self.init(
            after: book.references(settings[ConditionKeys.after] ?? []),
            setup: (settings[ConditionKeys.setup] ?? []).map { SuiteName($0) },
            teardown: (settings[ConditionKeys.teardown] ?? nil).map { SuiteName($0) },
            exclusive: book.claims(settings[ConditionKeys.exclusive] ?? [:]),
            rules: (settings[ConditionKeys.rules] ?? []).map { TestRule($0, book) })
    }
}

extension TestRule {
    init(_ settings: Settings, _ book: ConditionBook) {
        self.init(
            selection: Selection(
                tests: (settings[RuleKeys.tests] ?? []).map { TestPattern($0) }, tags: settings[RuleKeys.tags] ?? []),
            after: book.references(settings[RuleKeys.after] ?? []),
            exclusive: book.claims(settings[RuleKeys.exclusive] ?? [:]), isSerial: settings[RuleKeys.serial] ?? false,
            requires: settings[RuleKeys.requires] ?? nil)
    }
}
