import CICore
import SystemPackage
import Testing

@testable import Orchestrator

#if canImport(Glibc)
    import Glibc
#elseif canImport(Darwin)
    import Darwin
#endif

@Suite
struct SpawnFailureTests {
    private let processes = LocalProcesses()
    private let directory: TemporaryDirectory

    init() throws { directory = try TemporaryDirectory() }

    private func failure(
        _ arguments: [String], path: String = "/usr/bin:/bin", in workingDirectory: FilePath? = nil
    ) async -> ProcessError? {
        let command = ProcessCommand(
            arguments, environment: ["PATH": path], workingDirectory: workingDirectory ?? directory.path)
        return await #expect(throws: ProcessError.self) {
            try await processes.capture(command, limit: 100, timeout: .seconds(20))
        }
    }

    private func file(_ name: String, _ text: String, mode: mode_t) throws -> String {
        let path = directory.path.appending(name)
        try LocalFileSystem().write(Array(text.utf8), to: path)
        #expect(chmod(path.string, mode) == 0)
        return path.string
    }

    @Test
    func `a program that is not in PATH is named with the PATH`() async {
        let error = await failure(["no-such-tool"])
        #expect(error?.code == .notFound)
        #expect(error?.description == "cannot start no-such-tool: no such program in PATH (/usr/bin:/bin)")
    }

    @Test
    func `a path to nothing is named`() async {
        let error = await failure(["./gone"])
        #expect(error?.code == .notFound)
        #expect(error?.description == "cannot start ./gone: no such file")
    }

    @Test
    func `a missing working directory is named, not the program`() async {
        for arguments in [["/bin/true"], ["true"], ["no-such-tool"]] {
            let error = await failure(arguments, in: "/no/such/place")
            #expect(error?.code == .workingDirectoryMissing)
            #expect(error?.description.hasSuffix("the working directory /no/such/place does not exist") == true)
        }
    }

    @Test
    func `a file without the permission is not executable`() async throws {
        let path = try file("plain", "#!/bin/sh\n", mode: 0o644)
        #expect(await failure([path])?.code == .notExecutable)
        let error = await failure(["plain"], path: directory.path.string)
        #expect(error?.code == .notExecutable)
        #expect(error?.description == "cannot start plain: \(path) is not executable")
        #expect(await failure([directory.path.string])?.code == .notExecutable)
    }

    @Test
    func `a script whose interpreter is missing is told apart from a missing script`() async throws {
        let path = try file("script", "#!/no/such/python3 -u\n", mode: 0o755)
        let error = await failure([path])
        #expect(error?.code == .notFound)
        #expect(error?.description == "cannot start \(path): its interpreter /no/such/python3 does not exist")
    }

    @Test
    func `a text without an interpreter line is refused`() async throws {
        let path = try file("text", "echo hello\n", mode: 0o755)
        let error = await failure([path])
        #expect(error?.code == .notExecutable)
        #expect(error?.description.contains("#!") == true)
    }

    @Test
    func `arguments over the system's limit are an error with their size`() async {
        let error = await failure(["echo"] + (0..<200).map { _ in String(repeating: "x", count: 100_000) })
        #expect(error?.code == .system(E2BIG))
        #expect(error?.description.contains("201 arguments") == true)
    }

    @Test
    func `an argument with a NUL byte is refused, not cut short`() async {
        #expect(await failure(["echo", "a\0b"])?.code == .system(EINVAL))
    }

    @Test
    func `an empty command is refused`() async {
        #expect(await failure([])?.code == .notFound)
        #expect(await failure([""])?.code == .notFound)
    }

    @Test
    func `locate finds the first executable file and nothing else`() throws {
        let tool = try file("tool", "#!/bin/sh\n", mode: 0o755)
        _ = try file("plain", "", mode: 0o644)
        let path = "/no/such:\(directory.path):/usr/bin"
        #expect(processes.locate("tool", path: path)?.string == tool)
        #expect(processes.locate("plain", path: path) == nil)
        #expect(processes.locate(tool, path: "")?.string == tool)
        #expect(processes.locate("/usr", path: "") == nil)
        #expect(processes.locate("", path: path) == nil)
    }

    @Test
    func `a relative PATH entry counts from the child's working directory`() async throws {
        try LocalFileSystem().createDirectory(directory.path.appending("bin"))
        _ = try file("bin/tool", "#!/bin/sh\necho here\n", mode: 0o755)
        let command = ProcessCommand(["tool"], environment: ["PATH": "bin"], workingDirectory: directory.path)
        let result = try await processes.capture(command, limit: 100, timeout: .seconds(20))
        #expect(result.text == "here\n")
    }
}
