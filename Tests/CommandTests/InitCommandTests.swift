import Testing

@Suite struct InitCommandTests {
    private let directory: TemporaryDirectory

    init() throws { directory = try TemporaryDirectory() }

    private func run(_ arguments: String...) async throws -> DTCIBinary.Output {
        try await DTCIBinary(in: directory.url).run(arguments)
    }

    @Test func `what it writes passes the check`() async throws {
        #expect(try await run("init").exitCode == 0)
        #expect(try directory.text("dt-ci.yml").contains("version: 1\n"))
        let check = try await run("config", "check")
        #expect(check.standardError == "")
        #expect(check.exitCode == 0)
    }

    @Test func `a file that is there stays unless forced`() async throws {
        try directory.write("mine\n", to: "dt-ci.yml")
        let refused = try await run("init")
        #expect(refused.exitCode == 2)
        #expect(refused.standardError == "error: dt-ci.yml: it is there already; expected --force to replace it\n")
        #expect(try directory.text("dt-ci.yml") == "mine\n")
        #expect(try await run("init", "--force", "--quiet").standardOutput == "")
        #expect(try directory.text("dt-ci.yml") != "mine\n")
    }

    @Test func `a dry run writes nothing`() async throws {
        let output = try await run("init", "--dry-run")
        #expect(output.standardOutput.hasPrefix("# How dt-ci runs"))
        #expect(!directory.exists("dt-ci.yml"))
    }
}
