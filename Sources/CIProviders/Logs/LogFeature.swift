import CICore

/// What a service makes of its log's commands; the support matrix lists these.
package enum LogFeature: String, Sendable, Hashable, CaseIterable {
    case folds
    case annotations
    case masks
    case summary
    case artifacts
    case tests
    case buildText = "status text"
    case buildTags = "tags"
    case buildProblem = "build problem"
}

extension LogDialect {
    /// The commands that the service has, found out by asking for one of each.
    package var features: [LogFeature] { LogFeature.allCases.filter(has) }

    private func has(_ feature: LogFeature) -> Bool {
        switch feature {
        case .folds: open("a", "a", 0) != nil
        case .annotations: annotation(.sample) != nil
        case .masks: mask(Secret("a")) != nil
        case .summary:
            if case .none = summary { false } else { true }
        case .artifacts: upload("/a", "a") != nil
        case .tests: !tests(.sample).isEmpty
        case .buildText: build.text("a") != nil
        case .buildTags: build.tag("a") != nil
        case .buildProblem: build.problem("a") != nil
        }
    }
}

extension LineAnnotation {
    fileprivate static var sample: Self {
        Self(path: nil, line: nil, level: .warning, title: "a", message: "a", key: "a")
    }
}

extension RunResults {
    fileprivate static var sample: Self {
        let identity = TestIdentity(suite: SuiteName("a"), className: "", name: "a")
        let attempt = Attempt(outcome: .passed, duration: .zero)
        return RunResults(tests: [TestRecord(id: TestID("a"), identity: identity, container: "a", attempts: [attempt])])
    }
}
