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

    @Test func `this machine has a class that names its processors`() async {
        let world = HardwareWorld.live(files: LocalFileSystem(), environment: [:], workingDirectory: "/")
        let profile = await HardwareDetector(world: world).detect().profile
        #expect(profile.processor.limit == ThisMachine().processors)
        #expect(profile.hardwareClass.rawValue.contains("-\(ThisMachine().processors.processors)cpu"))
    }
}
