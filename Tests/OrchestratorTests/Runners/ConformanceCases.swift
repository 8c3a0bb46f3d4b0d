import CICore
import Testing

@testable import Orchestrator

extension ConformanceCase: CustomTestStringConvertible {
    /// Every live runner; the suite fails for one that is listed in `TestRunners.all` and missing here.
    static let all: [ConformanceCase] = [
        .pytest,
        .swift,
        .go,
        .gotestsum,
        .cargo,
        .ctest,
        .googletest,
        .node,
        .mocha,
        .command,
        .bats,
        .rspec,
        .phpunit,
        .prove,
        .junit5,
        .maven,
    ]

    var testDescription: String { runner.id.rawValue }
}
