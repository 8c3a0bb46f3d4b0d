package import CICore

/// Every runner there is; a runner exists by being listed here.
package enum TestRunners {
    /// In the order of the support matrix and of zero configuration.
    package static let all: [any TestRunner] = [
        PytestRunner(),
        SwiftRunner(),
        GoRunner(),
        GoTestSumRunner(),
        CargoRunner(),
        NextestRunner(),
        CTestRunner(),
        GoogleTestRunner(),
        XcodeBuildRunner(),
        NodeRunner(),
        MochaRunner(),
        CommandRunner(),
        BatsRunner(),
        RSpecRunner(),
        MinitestRunner(),
        PHPUnitRunner(),
        ProveRunner(),
        JUnit5Runner(),
        MavenRunner(),
        GradleRunner(),
        JestRunner(),
        VitestRunner(),
        PlaywrightRunner(),
        CypressRunner(),
        DotNetRunner(),
        ExUnitRunner(),
    ]

    /// The runner of an id; `nil` if there is none.
    package static func runner(_ id: RunnerID) -> (any TestRunner)? { all.first { $0.id == id } }

    /// What all of them would run in a tree without configuration.
    package static func proposals(in tree: SourceTree) -> [SuiteProposal] {
        all.flatMap { $0.proposals(in: tree) }
    }
}
