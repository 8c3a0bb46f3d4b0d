import CICore
import SystemPackage
import Testing

@testable import Orchestrator

struct LinuxMachineTests {
    private static let xeon = """
        processor\t: 0
        model name\t: Intel(R) Xeon(R)   Gold 6330 CPU @ 2.00GHz
        physical id\t: 0
        core id\t\t: 0
        flags\t\t: fpu sse4_2 avx2 hypervisor

        processor\t: 1
        model name\t: Intel(R) Xeon(R)   Gold 6330 CPU @ 2.00GHz
        physical id\t: 0
        core id\t\t: 0
        flags\t\t: fpu sse4_2 avx2 hypervisor

        processor\t: 2
        physical id\t: 1
        core id\t\t: 0

        """
    private static let graviton = """
        processor\t: 0
        BogoMIPS\t: 243.75
        Features\t: fp asimd sve
        CPU implementer\t: 0x41
        CPU part\t: 0xd40

        processor\t: 1
        Features\t: fp asimd sve
        CPU implementer\t: 0x41
        CPU part\t: 0xd40

        """

    @Test func `processors are counted and named`() {
        let table = LinuxProcessorTable(Self.xeon)
        #expect(table.model == "Intel(R) Xeon(R) Gold 6330 CPU @ 2.00GHz")
        #expect(table.logicalCores == 3 && table.physicalCores == 2)
        #expect(table.features == ["avx2", "fpu", "hypervisor", "sse4_2"])
    }

    @Test func `ARM's numbers become names`() {
        let table = LinuxProcessorTable(Self.graviton)
        #expect(table.model == "ARM Neoverse-V1")
        #expect(table.logicalCores == 2 && table.physicalCores == nil)
        #expect(
            LinuxProcessorTable("processor: 0\nCPU implementer: 0x99\nCPU part: 0x1\n").model == "ARM 0x99 part 0x1")
        #expect(LinuxProcessorTable("").logicalCores == 0)
    }

    @Test func `a machine is described from its files, with a source for each fact`() async {
        let world = TestWorld.linux([
            "/proc/cpuinfo": Self.xeon, "/proc/meminfo": "MemTotal:  32000000 kB\nMemAvailable: 20000000 kB\nbad\n",
            "/etc/os-release": "ID=debian\nVERSION_ID=\"12\"\n", "/sys/class/dmi/id/sys_vendor": "QEMU\n",
            "/proc/self/mountinfo":
                "1 0 8:1 / / rw shared:1 - ext4 /dev/sda1 rw\n2 1 259:2 / /work\\040dir rw - xfs /dev/nvme0n1p2 rw\n",
            "/sys/dev/block/8:1/../queue/rotational": "1\n",
        ])
        let detected = await HardwareDetector(world: world, labels: ["zone": "eu"]).detect()
        let profile = detected.profile
        #expect(detected.warnings == [])
        #expect(profile.system.distribution == "debian 12" && profile.system.virtualization == "kvm")
        #expect(profile.memory.total == 32_768_000_000 && profile.memory.limit == nil)
        #expect(profile.memory.available == 20_480_000_000)
        #expect(profile.disks == [.init(path: "/", kind: "hdd", size: 1000, free: 500)])
        #expect(profile.labels == ["zone": "eu"])
        #expect(profile.hardwareClass == "linux-x86_64-4cpu")
        for fact in ["cpu.model", "cpu.logical", "cpus", "memory.total", "disk", "distribution", "vm", "os"] {
            #expect(profile.sources[fact] != nil, "\(fact)")
        }
    }

    @Test(
        arguments: [
            (
                [
                    "/proc/self/cgroup": "0::/pod\n", "/sys/fs/cgroup/pod/memory.max": "2000000000\n",
                    "/sys/fs/cgroup/pod/memory.current": "500000000\n",
                ], 2_000_000_000, 1_500_000_000
            ),
            (
                [
                    "/proc/self/cgroup": "4:memory:/docker/abc\n",
                    "/sys/fs/cgroup/memory/memory.limit_in_bytes": "1000000000\n",
                    "/sys/fs/cgroup/memory/memory.usage_in_bytes": "1200000000\n",
                ], 1_000_000_000, 0
            ),
            (
                [
                    "/proc/self/cgroup": "4:memory:/\n",
                    "/sys/fs/cgroup/memory/memory.limit_in_bytes": "9223372036854771712\n",
                ],
                nil, 4_096_000_000
            ),
            (["/proc/self/cgroup": "0::/\n", "/sys/fs/cgroup/memory.max": "max\n"], nil, 4_096_000_000),
        ] as [([String: String], Int?, Int)])
    func `a container has its group's memory, not the host's`(files: [String: String], limit: Int?, available: Int)
        async
    {
        let files = files.merging(["/proc/meminfo": "MemTotal: 8000000 kB\nMemAvailable: 4000000 kB\n"]) { $1 }
        let memory = await HardwareDetector(world: TestWorld.linux(files)).detect().profile.memory
        #expect(memory.limit == limit)
        #expect(memory.available == available)
        #expect(memory.usable == limit ?? 8_192_000_000)
    }

    @Test(
        arguments: [
            (["/.dockerenv": ""], [:], "docker"), (["/run/.containerenv": ""], [:], "podman"),
            ([:], ["KUBERNETES_SERVICE_HOST": "10.0.0.1"], "kubernetes"), ([:], ["container": "lxc"], "lxc"),
            (["/proc/1/cgroup": "0::/kubepods/pod1\n"], [:], "kubernetes"),
            (["/proc/version": "Linux version 5.15.1-microsoft-standard-WSL2"], [:], "wsl"),
            (["/proc/version": "Linux version 6.1.0"], [:], nil), ([:], ["container": "\u{1b}[31mx;y"], "31mxy"),
        ] as [([String: String], [String: String], String?)])
    func `a container is known by its traces`(files: [String: String], environment: [String: String], kind: String?)
        async
    {
        let world = TestWorld.linux(files, environment: environment)
        #expect(await HardwareDetector(world: world).detect().profile.system.container == kind)
    }

    @Test(
        arguments: [
            ("Amazon EC2\n", "ec2"), ("VMware, Inc.\n", "vmware"), ("Google\n", nil),
            ("innotek GmbH VirtualBox\n", "virtualbox"),
        ] as [(String, String?)])
    func `a virtual machine is known by its firmware`(vendor: String, kind: String?) async {
        let world = TestWorld.linux(["/sys/class/dmi/id/sys_vendor": vendor])
        #expect(await HardwareDetector(world: world).detect().profile.system.virtualization == kind)
    }

    @Test(arguments: ["", "\u{0}\u{ff}:::\n\n:\n", "MemTotal: x kB\nMemTotal: 99999999999999999999 kB\n"])
    func `garbage in every file ends in a profile`(text: String) async {
        let paths = [
            "/proc/cpuinfo", "/proc/meminfo", "/etc/os-release", "/proc/self/mountinfo", "/proc/self/cgroup",
            "/proc/self/status", "/proc/1/cgroup", "/proc/version", "/sys/class/dmi/id/sys_vendor",
        ]
        let files = Dictionary(uniqueKeysWithValues: paths.map { ($0, text) })
        let profile = await HardwareDetector(world: TestWorld.linux(files)).detect().profile
        #expect(profile.hardwareClass == "linux-x86_64-4cpu")
        #expect(profile.memory.usable == nil)
    }
}
