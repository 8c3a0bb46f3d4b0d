package import CICore

/// How finely a unit cuts its suite, coarsest first.
package enum Granularity: String, Sendable, Hashable, CaseIterable, Comparable {
    case file
    case `class`
    case test

    private var rank: Int {
        switch self {
        case .file: 0
        case .class: 1
        case .test: 2
        }
    }

    package static func < (left: Self, right: Self) -> Bool { left.rank < right.rank }
}

/// The smallest thing of a suite that is planned: a file, package, class or single test.
package struct TestUnit: Sendable, Hashable, Identifiable {
    package var suite: SuiteName
    /// What the runner accepts to run this unit and nothing else.
    package var selector: String
    package var granularity: Granularity
    /// The selector of the coarsest unit around it: its file, package or binary; equal to `selector` at `.file`.
    package var container: String
    /// Selectors of the tests within, where a listing told them; `nil` = known only once it ran.
    package var tests: [String]?
    package var constraints: Constraints

    package init(
        suite: SuiteName, selector: String, granularity: Granularity, container: String? = nil,
        tests: [String]? = nil, constraints: Constraints = Constraints()
    ) {
        self.suite = suite
        self.selector = selector
        self.granularity = granularity
        self.container = container ?? selector
        self.tests = tests
        self.constraints = constraints
    }

    package var id: UnitID { UnitID(suite: suite, selector: selector) }

    /// What the plan must respect.
    package struct Constraints: Sendable, Hashable {
        /// Units with the same bond go into one batch: a module fixture, an `xdist_group`, a nextest group.
        package var bond: String?
        /// Never beside another batch.
        package var isSerial: Bool
        /// Markers, labels or tags of the runner.
        package var labels: [String]
        /// CTest's `RESOURCE_GROUPS`, as `2,gpus:2`.
        package var resourceGroups: [String]
        /// What the runner itself says it costs or took, such as CTest's `COST`.
        package var declaredCost: Duration?
        /// Selectors of the suite that the runner itself runs before this one, in the same batch.
        package var after: [String]
        /// What a batch with this unit takes while it runs.
        package var exclusive: [SemaphoreClaim]

        package init(
            bond: String? = nil, isSerial: Bool = false, labels: [String] = [], resourceGroups: [String] = [],
            declaredCost: Duration? = nil, after: [String] = [], exclusive: [SemaphoreClaim] = []
        ) {
            self.bond = bond
            self.isSerial = isSerial
            self.labels = labels
            self.resourceGroups = resourceGroups
            self.declaredCost = declaredCost
            self.after = after
            self.exclusive = exclusive
        }
    }
}

/// What discovery found in one suite.
package struct SuiteInventory: Sendable, Hashable {
    package var units: [TestUnit]
    /// Globs or paths of the configuration that matched nothing; the verdict names them.
    package var unmatched: [String]
    /// Sentences the user should see, such as "2 files hold no tests".
    package var notes: [String]

    package init(units: [TestUnit], unmatched: [String] = [], notes: [String] = []) {
        self.units = units
        self.unmatched = unmatched
        self.notes = notes
    }
}

extension TestUnit {
    /// One unit for each known test.
    package func splitByKnownTests() -> [TestUnit] {
        guard granularity < .test, let tests, tests.count > 1 else { return [self] }
        return tests.map { selector in
            TestUnit(
                suite: suite, selector: selector, granularity: .test, container: container, tests: [selector],
                constraints: constraints)
        }
    }
}
