import Artifacts
import CICore
import SystemPackage
import Testing

@testable import Orchestrator

#if canImport(Glibc)
    import Glibc
#elseif canImport(Darwin)
    import Darwin
#endif

struct AttachmentKeeperTests {
    private let scratch: ScratchDirectory
    private let files = LocalFileSystem()
    private var project: FilePath { scratch.path.appending("project") }

    init() throws {
        scratch = try ScratchDirectory()
        try files.createDirectory(scratch.path.appending("project/suite/shots"))
    }

    private func write(_ text: String, to path: String) throws {
        let file = project.pushing(FilePath(path))
        try files.createDirectory(file.removingLastComponent())
        try files.write(Array(text.utf8), to: file)
    }

    private func keep(
        _ attachments: [String], output: String? = nil, limits: AttachmentKeeper.Limits = .init()
    ) -> (tests: [ObservedTest], kept: AttachmentKeeper.Kept) {
        var test = ReportedTest(className: "c", name: "t", attempts: [Attempt(outcome: .failed, output: output)])
        test.attachments = attachments
        var tests = [ObservedTest(id: "s::t", address: TestAddress(selector: "t", container: "c"), test: test)]
        let kept = AttachmentKeeper(
            home: .init(results: project.appending(".dt-ci"), project: project), files: files, limits: limits
        ).keep(&tests, of: "s/1", bases: [project.appending("suite"), project], trusted: [])
        return (tests, kept)
    }

    @Test func `a file is copied, and the test and its output name the copy`() throws {
        try write("picture", to: "suite/shots/a.png")
        let (tests, kept) = keep(["shots/a.png"], output: "see [[ATTACHMENT|shots/a.png]]")
        let path = ".dt-ci/attachments/s_1/1-a.png"
        #expect(tests[0].test.attachments == [path])
        #expect(tests[0].test.attempts[0].output == "see [[ATTACHMENT|\(path)]]")
        #expect(try files.text(of: project.pushing(FilePath(path))) == "picture")
        let artifact = try #require(kept.artifacts.first)
        #expect(artifact.test == "s::t")
        #expect(artifact.path == "attachments/s_1/1-a.png")
        #expect(artifact.mediaType == "image/png")
        #expect(artifact.size == 7)
        #expect(artifact.digest?.hexadecimal.hasPrefix("2cea274d") ?? false)
        #expect(kept.warnings.isEmpty)
    }

    @Test func `one file that is named twice is one copy`() throws {
        try write("x", to: "suite/a.txt")
        let (tests, kept) = keep(["a.txt", "\(project)/suite/a.txt"])
        #expect(tests[0].test.attachments == [".dt-ci/attachments/s_1/1-a.txt"])
        #expect(kept.artifacts.count == 1)
    }

    @Test(arguments: [
        ("absent.png", "absent.png is not there"), ("/etc/hostname", "/etc/hostname is outside of the project"),
        ("../../outside", "is outside of the project"), ("link", "link is outside of the project"),
        ("shots", "shots is no file"), ("../.git/config", "belongs to git"), ("large", "larger than 0 MiB"),
        ("a\u{1B}[31m\nb", "is not there"),
    ]) func `what a test must not name is told and not kept`(name: String, words: String) throws {
        try write("secret", to: "../outside")
        try write("token", to: ".git/config")
        try write("123456", to: "suite/large")
        try files.remove(project.appending("suite/link"))
        _ = scratch.path.appending("outside").withPlatformString { target in
            project.appending("suite/link").withPlatformString { symlink(target, $0) }
        }
        let (tests, kept) = keep([name], limits: .init(file: 5))
        #expect(tests[0].test.attachments.isEmpty)
        #expect(kept.artifacts.isEmpty)
        let warning = try #require(kept.warnings.first)
        #expect(warning.contains(words), "\(warning)")
        #expect(!warning.contains("\n"))
        #expect(!files.exists(project.appending(".dt-ci/attachments/s_1")))
    }

    @Test func `a batch leaves a bounded number of files and bytes`() throws {
        let names = (1...9).map { "f\($0)" }
        for name in names { try write("12345", to: "suite/\(name)") }
        #expect(keep(names, limits: .init(count: 4)).kept.artifacts.count == 4)
        let (_, kept) = keep(names, limits: .init(batch: 12))
        #expect(kept.artifacts.count == 2)
        #expect(kept.warnings == ["7 attachments of tests were not kept: f3 is one more than a batch may leave"])
    }
}
