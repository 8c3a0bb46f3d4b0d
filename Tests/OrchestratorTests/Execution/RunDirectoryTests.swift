import CICore
import SystemPackage
import Testing

@testable import Orchestrator

struct RunDirectoryTests {
    private let scratch = try? TemporaryDirectory()

    private func run(_ name: String) throws -> RunDirectory {
        RunDirectory(root: try #require(scratch).path, run: RunID(name), files: LocalFileSystem())
    }

    private func names() throws -> [String] {
        try LocalFileSystem().entries(of: #require(scratch).path.appending("runs")).map(\.name).sorted()
    }

    @Test func `the last ended runs are kept`() throws {
        for number in 10..<20 {
            let directory = try run("run-\(number)")
            try directory.create()
            directory.conclude()
        }
        #expect(try names() == (15..<20).map { "run-\($0)" })
    }

    @Test func `a run that others begin beside it keeps its directory`() throws {
        let slow = try run("run-00")
        try slow.create()
        for number in 10..<30 {
            let directory = try run("run-\(number)")
            try directory.create()
            directory.conclude()
        }
        #expect(try names().first == "run-00")
        try LocalFileSystem().write([1], to: slow.batches.appending("still-there"))
    }

    @Test func `what was killed is forgotten when there is much of it`() throws {
        for number in 100..<250 { try run("run-\(number)").create() }
        #expect(try names().count == RunDirectory.keptUnended + 1)
        #expect(try names().last == "run-249")
    }
}
