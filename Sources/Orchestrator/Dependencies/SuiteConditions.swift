package import CICore

extension Suite {
    /// What the tests of a suite wait for and what they must not share.
    package struct Conditions: Sendable, Hashable {
        /// What must have passed first, where it is part of the run.
        package var after: [DependencyReference]
        /// Suites that prepare this one: they are part of every run that this suite is part of.
        package var setup: [SuiteName]
        /// The suite that cleans up when this one and all that waits for it have ended.
        package var teardown: SuiteName?
        /// What each batch of the suite takes while it runs.
        package var exclusive: [SemaphoreClaim]
        /// For parts of the suite.
        package var rules: [TestRule]

        package init(
            after: [DependencyReference] = [], setup: [SuiteName] = [], teardown: SuiteName? = nil,
            exclusive: [SemaphoreClaim] = [], rules: [TestRule] = []
        ) {
            self.after = after
            self.setup = setup
            self.teardown = teardown
            self.exclusive = exclusive
            self.rules = rules
        }

        /// Everything that the whole suite waits for.
        package var references: [DependencyReference] { setup.map(DependencyReference.init(suite:)) + after }
    }
}

/// What holds for some tests of a suite.
package struct TestRule: Sendable, Hashable {
    package var selection: Selection
    package var after: [DependencyReference]
    package var exclusive: [SemaphoreClaim]
    package var isSerial: Bool
    /// What they need of their machine, beside what the suite requires.
    package var requires: Requirement?

    package init(
        selection: Selection, after: [DependencyReference] = [], exclusive: [SemaphoreClaim] = [],
        isSerial: Bool = false, requires: Requirement? = nil
    ) {
        self.requires = requires
        self.selection = selection
        self.after = after
        self.exclusive = exclusive
        self.isSerial = isSerial
    }

    /// Which tests it is about: those that match one of the patterns and have one of the tags, where there are any.
    package struct Selection: Sendable, Hashable {
        package var tests: [TestPattern]
        package var tags: [String]

        package init(tests: [TestPattern] = [], tags: [String] = []) {
            self.tests = tests
            self.tags = tags
        }

        /// Whether the rule is about a unit.
        package func takes(_ unit: TestUnit) -> Bool {
            (tests.isEmpty || tests.contains { $0.means(unit) })
                && (tags.isEmpty || tags.contains(where: unit.constraints.labels.contains))
        }

        /// In the user's words.
        package var words: String {
            (tests.map(\.description) + tags.map { "tag:\($0)" }).joined(separator: ", ")
        }
    }
}

/// So many of a semaphore's places, taken while a batch runs.
package struct SemaphoreClaim: Sendable, Hashable {
    package var name: String
    package var count: Int
    /// All places of the semaphore.
    package var capacity: Int

    package init(name: String, count: Int, capacity: Int) {
        self.name = name
        self.count = count
        self.capacity = capacity
    }

    /// Both lists as one, in the order of their names; where both claim the same, the larger claim.
    package static func joined(_ left: [SemaphoreClaim], _ right: [SemaphoreClaim]) -> [SemaphoreClaim] {
        if right.isEmpty { return left }
        if left.isEmpty { return right }
        let largest = Dictionary((left + right).map { ($0.name, $0) }) { $0.count >= $1.count ? $0 : $1 }
        return largest.values.sorted { $0.name < $1.name }
    }
}

extension TestPattern {
    /// Whether a unit is called so, lies in a file or directory that is called so, or holds a test that is.
    package func means(_ unit: TestUnit) -> Bool {
        covers(unit.selector) || covers(unit.container) || unit.tests?.contains { covers($0) } == true
    }
}
