import Testing

@testable import Orchestrator
@testable import dt_ci

@Suite struct EnvironmentOptionsTests {
    private func arguments(_ arguments: String, _ environment: [String: String]) throws -> String {
        try options(arguments, environment).arguments.joined(separator: " ")
    }

    private func options(_ arguments: String, _ environment: [String: String]) throws -> EnvironmentOptions {
        try EnvironmentOptions(arguments.split(separator: " ").map(String.init), environment: environment)
    }

    @Test func `without a variable of ours the command tree is not asked for`() throws {
        struct Asked: Error {}
        let options = try EnvironmentOptions(
            ["config", "show"], environment: ["PATH": "/bin", "DTCI_RUN_ID": "r", "DTCI_SLOTS": ""],
            tree: { throw Asked() })
        #expect(options.arguments == ["config", "show"])
        #expect(options.warnings.isEmpty)
    }

    @Test(arguments: [
        ("config show", ["DTCI_SLOTS": "4"], "config show --slots=4"),
        ("config show --slots 5", ["DTCI_SLOTS": "4"], "config show --slots 5"),
        ("config show --slots=5", ["DTCI_SLOTS": "4"], "config show --slots=5"),
        ("config show -- --slots", ["DTCI_SLOTS": "4"], "config show --slots=4 -- --slots"),
        ("config show", ["DTCI_ORDER": "-x"], "config show --order=-x"),
        ("config show", ["DTCI_SUITE": "a,b"], "config show --suite=a --suite=b"),
        ("config show", ["DTCI_SUITE": "a,b\nc"], "config show --suite=a,b --suite=c"),
        ("config show --suite z", ["DTCI_SUITE": "a"], "config show --suite z"),
        ("config show", ["DTCI_JSON": "1"], "config show --json"),
        ("config show", ["DTCI_JSON": "Yes"], "config show --json"),
        ("config show", ["DTCI_JSON": "no"], "config show"),
        ("config show", ["DTCI_FAIL_ON_FLAKY": "true"], "config show --fail-on-flaky"),
        ("config show", ["DTCI_FAIL_ON_FLAKY": "0"], "config show --no-fail-on-flaky"),
        ("config show --no-fail-on-flaky", ["DTCI_FAIL_ON_FLAKY": "1"], "config show --no-fail-on-flaky"),
        ("config schema", ["DTCI_SLOTS": "4"], "config schema"),
        ("", ["DTCI_SLOTS": "4"], ""),
        ("nonsense", ["DTCI_SLOTS": "4"], "nonsense"),
    ])
    func `variables become options of the command that has them`(
        given: String, environment: [String: String], parsed: String
    ) throws {
        #expect(try arguments(given, environment) == parsed)
    }

    @Test func `a flag that is neither true nor false is refused`() {
        #expect(throws: (any Error).self) { try options("config show", ["DTCI_JSON": "maybe"]) }
    }

    @Test func `an unknown variable is warned of with the nearest name`() throws {
        let warnings = try options("config show", ["DTCI_SLOT": "4", "DTCI_PHASE_OF_MOON": "x"]).warnings
        #expect(
            warnings == [
                "warning: DTCI_PHASE_OF_MOON is no option of dt-ci",
                "warning: DTCI_SLOT is no option of dt-ci; did you mean DTCI_SLOTS?",
            ])
    }

    @Test func `a variable of another command is no reason to warn`() throws {
        #expect(try options("config schema", ["DTCI_FORCE": "1"]).warnings.isEmpty)
    }

    @Test func `what dt-ci exports to tests is never an option`() throws {
        let options = try CommandTree.dtci().variableNames
        #expect(!options.isEmpty)
        #expect(options.isDisjoint(with: ChildEnvironment.exported))
    }
}
