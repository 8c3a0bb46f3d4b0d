import CICore
import SystemPackage
import Testing

@testable import Orchestrator

struct ProcessorLimitTests {
    @Test(
        arguments: [
            (["/proc/self/cgroup": "0::/\n"], 8, "affinity"),
            (["/proc/self/cgroup": "0::/\n", "/sys/fs/cgroup/cpu.max": "max 100000\n"], 8, "affinity"),
            (
                ["/proc/self/cgroup": "0::/\n", "/sys/fs/cgroup/cpu.max": "250000 100000\n"], 3,
                "/sys/fs/cgroup/cpu.max"
            ),
            (
                [
                    "/proc/self/cgroup": "0::/pod/app\n", "/sys/fs/cgroup/pod/app/cpu.max": "400000 100000\n",
                    "/sys/fs/cgroup/pod/cpu.max": "200000 100000\n",
                ], 2, "/sys/fs/cgroup/pod/cpu.max"
            ),
            (
                [
                    "/proc/self/cgroup": "4:memory:/job\n3:cpu,cpuacct:/job\n",
                    "/sys/fs/cgroup/cpu/job/cpu.cfs_quota_us": "50000\n",
                    "/sys/fs/cgroup/cpu/job/cpu.cfs_period_us": "100000\n",
                ], 1, "/sys/fs/cgroup/cpu/job/cpu.cfs_quota_us"
            ),
            (
                [
                    "/proc/self/cgroup": "3:cpu:/\n", "/sys/fs/cgroup/cpu/cpu.cfs_quota_us": "-1\n",
                    "/sys/fs/cgroup/cpu/cpu.cfs_period_us": "100000\n",
                ], 8, "affinity"
            ),
            (["/proc/self/cgroup": "garbage\n::\n\n", "/sys/fs/cgroup/cpu.max": "lots of it"], 8, "affinity"),
        ] as [([String: String], Int, String)])
    func `a control group's quota limits the processors`(files: [String: String], processors: Int, source: String) {
        let limit = ProcessorLimit(online: 8, files: TextFiles(files))
        #expect(limit.processors == processors)
        #expect(limit.source == source)
    }

    @Test func `the affinity counts, not the machine`() {
        let files = ["/proc/self/status": "Name:\tdt-ci\nCpus_allowed_list:\t0-2,6\n"]
        #expect(ProcessorLimit(online: 64, files: TextFiles(files)).processors == 4)
    }

    @Test func `a quota above the affinity changes nothing`() {
        let files = ["/proc/self/cgroup": "0::/\n", "/sys/fs/cgroup/cpu.max": "900000 100000\n"]
        #expect(ProcessorLimit(online: 2, files: TextFiles(files)).processors == 2)
    }

    @Test func `this machine has a class that names its processors`() {
        let machine = ThisMachine()
        #expect(machine.processors.processors >= 1)
        #expect(machine.hardware.rawValue.hasSuffix("-\(machine.processors.processors)cpu"))
    }
}

/// Files that exist as texts only; whatever is not among them is not there, and nothing can be written.
private struct TextFiles: FileSystem {
    private let files: [String: String]

    init(_ files: [String: String]) { self.files = files }

    func contents(of path: FilePath, limit: Int) throws(FileError) -> [UInt8] {
        guard let text = files[path.string] else {
            throw FileError(path: path, operation: "read", errno: .noSuchFileOrDirectory)
        }
        return Array(text.utf8)
    }

    func write(_ bytes: [UInt8], to path: FilePath) throws(FileError) { throw refusal(path) }
    func entries(of directory: FilePath) throws(FileError) -> [DirectoryEntry] { throw refusal(directory) }
    func kind(of path: FilePath) -> FileKind? { files[path.string] == nil ? nil : .file }
    func size(of path: FilePath) -> Int? { files[path.string]?.utf8.count }
    func createDirectory(_ path: FilePath) throws(FileError) { throw refusal(path) }
    func remove(_ path: FilePath) throws(FileError) { throw refusal(path) }

    private func refusal(_ path: FilePath) -> FileError {
        FileError(path: path, operation: "change", errno: .readOnlyFileSystem)
    }
}
