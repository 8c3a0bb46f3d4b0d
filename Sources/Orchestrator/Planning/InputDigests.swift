import CICore
import SystemPackage

/// Digests of what a plan is made from: equal on every machine that has the same checkout and history.
struct InputDigests {
    /// Over the units in the order of their ids, with what they must respect.
    let inventory: String
    /// Over the estimates and start costs.
    let history: String
    /// Over the suites and the settings that change a plan.
    let configuration: String

    init(configuration: Configuration, suites: [PreparedSuite], shares: [PlanRequest.SuiteShare]) {
        var inventory = FieldDigest()
        var history = FieldDigest()
        var settings = FieldDigest()
        for (suite, share) in zip(suites, shares) {
            inventory.add(share.name.rawValue)
            history.add(share.name.rawValue)
            history.add(share.startCost.microseconds)
            for position in ByteOrder.ranking(of: share.units.lazy.map(\.id.rawValue)) {
                Self.add(suite.inventory.units[Int(position)].constraints, to: &inventory)
                inventory.add(share.units[Int(position)].id.rawValue)
                history.add(share.units[Int(position)].estimate.duration.microseconds)
            }
            Self.add(suite.suite, below: configuration.root.string, to: &settings)
        }
        settings.add(configuration.run.serving.order.name)
        self.inventory = inventory.finish()
        self.history = history.finish()
        self.configuration = settings.finish()
    }

    private static func add(_ constraints: TestUnit.Constraints, to digest: inout FieldDigest) {
        digest.add(constraints.bond)
        digest.add(constraints.isSerial ? 1 : 0)
        digest.add(constraints.resourceGroups.count)
        for group in constraints.resourceGroups { digest.add(group) }
        // Plans of suites in which nothing waits keep their ids.
        if !constraints.after.isEmpty {
            digest.add("after")
            for selector in constraints.after { digest.add(selector) }
        }
        for claim in constraints.exclusive {
            digest.add(claim.name)
            digest.add(claim.count)
            digest.add(claim.capacity)
        }
    }

    private static func add(_ suite: Suite, below root: String, to digest: inout FieldDigest) {
        let directory = suite.workingDirectory.string
        digest.add(suite.name.rawValue)
        digest.add(suite.runner.rawValue)
        digest.add(directory.hasPrefix(root) ? String(directory.dropFirst(root.count)) : directory)
        let selection = suite.selection
        for texts in [selection.paths, selection.include, selection.exclude, selection.tags] {
            digest.add(texts.count)
            for text in texts { digest.add(text) }
        }
        digest.add(suite.policy.granularity?.rawValue)
        digest.add(suite.policy.unitsPerBatch ?? 0)
        digest.add(suite.policy.slots ?? 0)
        digest.add(suite.policy.isSerial ? 1 : 0)
        if let requires = suite.policy.requires { digest.add(requires.description) }
        add(suite.policy.conditions, to: &digest)
    }

    /// What is empty adds nothing.
    private static func add(_ conditions: Suite.Conditions, to digest: inout FieldDigest) {
        add(conditions.references, to: &digest)
        digest.addIfPresent(conditions.teardown?.rawValue, after: "teardown")
        for rule in conditions.rules {
            digest.add("rule")
            digest.add(rule.selection.words)
            add(rule.after, to: &digest)
            digest.add(rule.isSerial ? 1 : 0)
            digest.addIfPresent(rule.requires?.description, after: "requires")
        }
    }

    private static func add(_ references: [DependencyReference], to digest: inout FieldDigest) {
        for reference in references {
            digest.add(reference.description)
            digest.add(reference.targets.count)
            for target in reference.targets {
                switch target {
                case .suite(let name): digest.add(name.rawValue)
                case .tag(let tag): digest.add("tag:" + tag)
                case .tests(let suite, let pattern): digest.add("\(suite)::\(pattern)")
                }
            }
        }
    }
}
