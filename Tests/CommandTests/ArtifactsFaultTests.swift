import Foundation
import Testing

/// What becomes of a store whose writers are many, are killed, or have no room.
@Suite struct ArtifactsFaultTests {
    @Test func `many writers at once put the same contents under the same and under other names`() async throws {
        let home = try TemporaryDirectory()
        for index in 0..<300 { try home.write("content \(index % 50)", to: "in/d\(index % 7)/f\(index)") }
        let dtci = DTCIBinary(in: home.url)
        let codes = try await withThrowingTaskGroup(of: Int32.self) { group in
            for index in 0..<8 {
                group.addTask {
                    try await dtci.run("artifacts", "put", index < 4 ? "same" : "own\(index)", "in").exitCode
                }
            }
            return try await group.reduce(into: []) { $0.append($1) }
        }
        #expect(codes == Array(repeating: 0, count: 8))
        #expect(try await dtci.run("artifacts", "list").lines.count == 6)
        let verify = try await dtci.run("artifacts", "verify")
        #expect(verify.standardOutput.hasPrefix("5 artifacts, 50 contents"))
        #expect(verify.exitCode == 0)
        #expect(try Self.count("staging", in: home) == 0)
    }

    @Test(arguments: [0, 1, 20, 200, 900]) func `a writer that is killed leaves nothing that harms`(contents: Int)
        async throws
    {
        let home = try TemporaryDirectory()
        for index in 0..<1000 { try home.write("content \(index)", to: "in/d\(index % 10)/f\(index)") }
        let dtci = DTCIBinary(in: home.url)
        try home.write("old", to: "old")
        #expect(try await dtci.run("artifacts", "put", "old", "old").exitCode == 0)
        let writer = try RunningBinary(dtci, "artifacts", "put", "new", "in")
        while try Self.count("objects", in: home) < contents + 1, !home.exists(".dt-ci/artifacts/manifests/new.jsonl") {
            await Task.yield()
        }
        writer.signal(SIGKILL)
        #expect([0, 128 + SIGKILL].contains(try await writer.end().exitCode))
        let verify = try await dtci.run("artifacts", "verify")
        #expect(verify.exitCode == 0, "\(verify.standardError)")
        #expect(try await dtci.run("artifacts", "put", "new", "in").exitCode == 0)
        #expect(try Self.count("staging", in: home) == 0)
        #expect(try await dtci.run("artifacts", "verify", "--json").standardOutput.contains(#""contents":1001"#))
        #expect(try await dtci.run("artifacts", "gc").lines.last?.hasSuffix("0 B in 0 contents freed") == true)
    }

    @Test func `a file that may not grow is a plain error, and the store stays whole`() async throws {
        let home = try TemporaryDirectory()
        try home.write(String(repeating: "x", count: 2_000_000), to: "in/big")
        try home.write("small", to: "in/a")
        let dtci = DTCIBinary(in: home.url)
        let full = try await dtci.paste("ulimit -f 500; dt-ci artifacts put x in")
        #expect(full.exitCode == 4)
        #expect(full.standardError.hasSuffix("the file would pass the process's limit (ulimit -f)\n"))
        #expect(full.standardError.split(separator: "\n").count == 1)
        #expect(try Self.count("staging", in: home) == 0)
        #expect(try await dtci.run("artifacts", "list").standardOutput.hasPrefix("no artifacts in"))
        #expect(try await dtci.run("artifacts", "put", "x", "in").exitCode == 0)
        let target = try await dtci.paste("ulimit -f 500; dt-ci artifacts get x --to out")
        #expect(target.exitCode == 4 && !home.exists("out/big"))
        #expect(try FileManager.default.contentsOfDirectory(atPath: home.url.appending(path: "out").path) == ["a"])
    }

    @Test(.enabled(if: Self.canMount)) func `a full disk is a plain error, and what was there before stays`()
        async throws
    {
        let home = try TemporaryDirectory()
        try home.write(String(repeating: "x", count: 3_000_000), to: "in/big")
        try home.write("small", to: "small")
        let dtci = DTCIBinary(in: home.url)
        let output = try await Self.mounted(
            "size=2m", in: dtci,
            """
            dt-ci artifacts put small small --store disk/store
            dt-ci artifacts put big in --store disk/store; echo "code $?"
            ls disk/store/staging | wc -l
            dt-ci artifacts verify --store disk/store
            dt-ci artifacts get small --store disk/store --to back && cat back/small
            """)
        #expect(output.standardError.hasSuffix("the disk is full; free some of it or choose another one\n"))
        #expect(
            output.lines == [
                "kept small: 1 entry, 5 B, 5 B new", "code 4", "0", "1 artifact, 1 content, 5 B: all as it was put",
                "wrote 1 entry, 5 B, into back", "small",
            ])
    }

    @Test(.enabled(if: Self.canMount)) func `a store that cannot be written can be read`() async throws {
        let home = try TemporaryDirectory()
        try home.write("small", to: "small")
        let output = try await Self.mounted(
            "size=2m", in: DTCIBinary(in: home.url),
            """
            dt-ci artifacts put small small --store disk/store --quiet
            mount -o remount,ro disk
            dt-ci artifacts put more small --store disk/store; echo "code $?"
            dt-ci artifacts verify --store disk/store
            dt-ci artifacts gc --keep-last 0 --dry-run --store disk/store | tail -n 1
            dt-ci artifacts gc --keep-last 0 --store disk/store; echo "code $?"
            """)
        #expect(output.standardError.contains("the file system is read-only; choose another place"))
        #expect(
            output.lines == [
                "code 4", "1 artifact, 1 content, 5 B: all as it was put",
                "0 artifacts kept, 1 would be removed, 5 B in 1 content to free", "code 4",
            ])
    }

    @Test func `memory does not grow with the number of files`() async throws {
        let home = try TemporaryDirectory()
        let program = """
            import os, subprocess, sys
            peaks = []
            for files in (1000, 8000):
                for n in range(files):
                    if n % 100 == 0: os.makedirs(f'{files}/d{n}')
                    with open(f'{files}/d{n - n % 100}/file-{n}.txt', 'w') as file: file.write(str(n))
                for command in (['put', str(files), str(files)], ['get', str(files), '--to', f'out-{files}']):
                    process = subprocess.Popen([sys.argv[1], 'artifacts', *command], stdout=subprocess.DEVNULL)
                    _, status, usage = os.wait4(process.pid, 0)
                    assert status == 0
                    peaks.append(usage.ru_maxrss // 1024)
            print(*peaks)
            """
        try home.write(program, to: "measure.py")
        let executable = try DTCIBinary.executable().path
        let output = try await DTCIBinary(in: home.url).paste("python3 measure.py '\(executable)'")
        #expect(output.exitCode == 0, "\(output.standardError)")
        let megabytes = output.standardOutput.split(whereSeparator: \.isWhitespace).compactMap { Int($0) }
        try #require(megabytes.count == 4)
        #expect(megabytes[2] - megabytes[0] < 10 && megabytes[3] - megabytes[1] < 10, "\(megabytes)")
    }

    /// Files below a directory of the store.
    private static func count(_ name: String, in home: TemporaryDirectory) throws -> Int {
        let place = home.url.appending(path: ".dt-ci/artifacts/\(name)").path
        guard let names = FileManager.default.enumerator(atPath: place) else { return 0 }
        return names.reduce(0) { count, _ in
            count + (names.fileAttributes?[.type] as? FileAttributeType == .typeRegular ? 1 : 0)
        }
    }

    /// Whether this user may mount a disk of its own.
    private static var canMount: Bool {
        let process = Process()
        process.executableURL = URL(filePath: "/usr/bin/env")
        process.arguments = ["unshare", "-rm", "mount", "-t", "tmpfs", "none", "/mnt"]
        process.standardError = FileHandle.nullDevice
        // Where it cannot be started it cannot mount.
        guard (try? process.run()) != nil else { return false }
        process.waitUntilExit()
        return process.terminationStatus == 0
    }

    /// Runs lines of bash where `disk` is a disk of its own.
    private static func mounted(
        _ options: String, in dtci: DTCIBinary, _ lines: String
    ) async throws -> DTCIBinary.Output {
        let script = "mkdir disk && mount -t tmpfs -o \(options) none disk\n\(lines)"
        try script.write(to: dtci.directory.appending(path: "script.sh"), atomically: true, encoding: .utf8)
        return try await dtci.paste("unshare -rm bash script.sh")
    }
}
