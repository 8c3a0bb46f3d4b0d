import Testing

@Suite struct DTCIBinaryTests {
    @Test func `the version is one line on standard output`() async throws {
        let directory = try TemporaryDirectory()
        let output = try await DTCIBinary(in: directory.url).run("--version")
        #expect(output.exitCode == 0)
        #expect(output.lines.count == 1)
        #expect(output.standardError == "")
    }

    @Test func `a wrong option is a usage error and says so on standard error`() async throws {
        let directory = try TemporaryDirectory()
        let output = try await DTCIBinary(in: directory.url).run("--no-such-option")
        #expect(output.exitCode == 2)
        #expect(output.standardOutput == "")
        #expect(output.standardError.contains("--no-such-option"))
    }
}
