package import CICore

/// What a suite or a test waits for, as `after:` names it.
package struct DependencyReference: Sendable, Hashable, CustomStringConvertible {
    /// As it was written.
    package let description: String
    /// What it means; a group means several things.
    package let targets: [Target]

    package init(_ description: String, targets: [Target]) {
        self.description = description
        self.targets = targets
    }

    /// A whole suite, as `setup:` names it.
    package init(suite: SuiteName) { self.init(suite.rawValue, targets: [.suite(suite)]) }

    /// One thing to wait for.
    package enum Target: Sendable, Hashable {
        case suite(SuiteName)
        case tests(SuiteName, TestPattern)
        /// Tests of any suite with this marker or label.
        case tag(String)
    }
}

/// The grammar of `after:`, before anything is looked up.
enum ReferenceText: Hashable {
    case suite(String)
    case group(String)
    case tag(String)
    case tests(suite: String, pattern: String)

    init(_ text: String) {
        if text.hasPrefix("group:") {
            self = .group(String(text.dropFirst("group:".count)))
        } else if text.hasPrefix("tag:") {
            self = .tag(String(text.dropFirst("tag:".count)))
        } else if let separator = text.firstRange(of: "::") {
            self = .tests(
                suite: String(text[..<separator.lowerBound]), pattern: String(text[separator.upperBound...]))
        } else {
            self = .suite(text)
        }
    }

    /// `nil` for a group, which is several things.
    var target: DependencyReference.Target? {
        switch self {
        case .suite(let name): .suite(SuiteName(name))
        case .tag(let name): .tag(name)
        case .tests(let suite, let pattern): .tests(SuiteName(suite), TestPattern(pattern))
        case .group: nil
        }
    }
}

/// What `after:` and `exclusive:` may name beside suites.
struct ConditionBook {
    /// Patterns as they were written.
    let groups: [String: [String]]
    let semaphores: [String: Int]

    init(_ settings: Settings) {
        groups = settings[RootKeys.groups] ?? [:]
        semaphores = settings[RootKeys.semaphores] ?? [:]
    }

    /// With groups replaced by what they hold; reading has reported unknown ones.
    func references(_ texts: [String]) -> [DependencyReference] {
        texts.map { text in
            let words = ReferenceText(text)
            if let target = words.target { return DependencyReference(text, targets: [target]) }
            guard case .group(let name) = words else { return DependencyReference(text, targets: []) }
            return DependencyReference(text, targets: (groups[name] ?? []).compactMap { ReferenceText($0).target })
        }
    }

    /// In the order of their names.
    func claims(_ counts: [String: Int]) -> [SemaphoreClaim] {
        counts.sorted { $0.key < $1.key }.map { name, count in
            SemaphoreClaim(name: name, count: count, capacity: semaphores[name] ?? 1)
        }
    }
}
