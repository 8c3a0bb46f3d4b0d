import CICore
import SystemPackage
import Testing

@testable import Orchestrator

struct PlatformProbeTests {
    // MARK: macOS

    @Test func `a Mac is described by its own programs`() async throws {
        let world = try Self.world(
            "Darwin", architecture: "arm64",
            answers: [
                "sysctl": .text(Self.fixture("macos-sysctl.txt"), code: 1), "sw_vers": .text("14.5\n"),
                "vm_stat": .text(Self.fixture("macos-vm_stat.txt")),
                "system_profiler": .text(Self.fixture("macos-displays.json")),
            ])
        let detected = await HardwareDetector(world: world).detect()
        let profile = detected.profile
        #expect(detected.warnings == [])
        #expect(profile.system.name == "macos" && profile.system.distribution == "14.5")
        #expect(profile.processor.model == "Apple M2 Pro" && profile.processor.physicalCores == 10)
        #expect(profile.memory.total == 34_359_738_368)
        #expect(profile.memory.available == 660_000 * 16384)
        #expect(profile.system.virtualization == nil)
        #expect(profile.accelerators.npus.map(\.model) == ["Apple Neural Engine"])
        let gpus = profile.accelerators.gpus
        #expect(gpus.map(\.vendor) == [.apple, .amd])
        #expect(gpus.map(\.memory) == [nil, 8 << 30])
        #expect(gpus.map(\.isIntegrated) == [true, false])
        #expect(gpus.first?.software.capability == "metal3")
        #expect(profile.hardwareClass.rawValue.hasPrefix("darwin-arm64-4cpu-1xpro-580x"))
        #expect(try Requirement("os=macos, arch=aarch64, gpu-vendor=apple, npu").isMet(by: HardwareOffer(profile)))
    }

    @Test(arguments: [
        "", "{", "[]", "hw.memsize: -5\nhw.physicalcpu: many\n:::\n", "Mach of\nPages free: 99999999999999999999.",
    ])
    func `a Mac whose programs talk nonsense is still a Mac`(text: String) async throws {
        let names = ["sysctl", "sw_vers", "vm_stat", "system_profiler"]
        let answers = Dictionary(uniqueKeysWithValues: names.map { ($0, Answers.Answer.text(text)) })
        let detected = await HardwareDetector(world: try Self.world("Darwin", answers: answers)).detect()
        #expect(detected.profile.system.name == "macos")
        #expect(detected.profile.memory.total == nil && detected.profile.accelerators.gpus.isEmpty)
        #expect(detected.warnings == ["system_profiler answered something else than its JSON"])
    }

    // MARK: Windows

    @Test(arguments: ["Windows_NT", "MINGW64_NT-10.0", "MSYS_NT-10.0"])
    func `a Windows machine is described by PowerShell`(kernel: String) async throws {
        let world = try Self.world(kernel, answers: ["powershell": .text(Self.fixture("windows-cim.json"))])
        let detected = await HardwareDetector(world: world).detect()
        let profile = detected.profile
        #expect(detected.warnings == [])
        #expect(profile.system.name == "windows" && profile.system.distribution == "10.0.20348")
        #expect(profile.system.virtualization == "hyper-v")
        #expect(profile.processor.model == "AMD EPYC 7763 64-Core Processor")
        #expect(profile.processor.physicalCores == 4 && profile.processor.limit.processors == 8)
        #expect(profile.memory.total == 17_178_800_128 && profile.memory.available == 12_000_000 << 10)
        #expect(profile.disks == [.init(path: "C:", kind: "ntfs", size: 136_365_211_648, free: 90_000_000_000)])
        let gpus = profile.accelerators.gpus
        #expect(gpus.map(\.model) == ["NVIDIA GeForce RTX 4090", "Intel(R) UHD Graphics 770"])
        #expect(gpus.map(\.memory) == [nil, nil])
        #expect(profile.hardwareClass == "windows-x86_64-8cpu-1xrtx-4090")
        #expect(profile.sources["memory.total"] == "powershell")
    }

    @Test func `the driver's own program knows a card better than Windows`() async throws {
        let world = try Self.world(
            "Windows_NT",
            answers: [
                "powershell": .text(Self.fixture("windows-cim.json")),
                "nvidia-smi": .text("0, GPU-1, NVIDIA GeForce RTX 4090, 24564, 551.23, 8.9, [N/A]\n"),
            ])
        let gpus = await HardwareDetector(world: world).detect().profile.accelerators.gpus
        #expect(gpus.map(\.vendor) == [.intel, .nvidia])
        #expect(gpus.last?.memory == 24564 << 20)
    }

    @Test func `without PowerShell the older program is asked`() async throws {
        let wmic =
            "\r\r\n\r\r\nName=Intel(R) Xeon(R)\r\r\nNumberOfCores=4\r\r\nNumberOfLogicalProcessors=8\r\r\n\r\r\n\r\r\n"
        let utf16: [UInt8] = [0xff, 0xfe] + wmic.utf16.flatMap { [UInt8($0 & 0xff), UInt8($0 >> 8)] }
        let world = try Self.world("Windows_NT", answers: ["wmic": .bytes(utf16)])
        let profile = await HardwareDetector(world: world).detect().profile
        #expect(profile.processor.model == "Intel(R) Xeon(R)" && profile.processor.logicalCores == 8)
        #expect(profile.sources["cpu.model"] == "wmic")
    }

    @Test func `records end at blank lines`() {
        let text = "A=1\r\nB=x=y\r\n\r\n\r\nA=2\r\n"
        #expect(WindowsText.records(Array(text.utf8)) == [["A": "1", "B": "x=y"], ["A": "2"]])
        #expect(WindowsText.records([]) == [])
        #expect(WindowsText.records([0xff, 0xfe, 0x41]) == [])
    }

    @Test(arguments: [
        "", "null", "{\"Win32_Processor\": 5}", "{\"Win32_VideoController\": [{\"Name\": []}]}", "At line:1 char:1",
    ])
    func `a Windows machine whose program talks nonsense is still one`(text: String) async throws {
        let world = try Self.world("Windows_NT", answers: ["powershell": .text(text)])
        let profile = await HardwareDetector(world: world).detect().profile
        #expect(profile.hardwareClass == "windows-x86_64-4cpu")
    }

    // MARK: Others

    @Test func `an unknown system is what its kernel says`() async throws {
        let profile = await HardwareDetector(world: try Self.world("FreeBSD", answers: [:])).detect().profile
        #expect(profile.hardwareClass == "freebsd-x86_64-4cpu")
    }

    private static func world(
        _ kernel: String, architecture: String = "x86_64", answers: [String: Answers.Answer]
    ) throws -> HardwareWorld {
        var world = TestWorld.linux([:], environment: ["PATH": "/bin"], processes: Answers(answers: answers))
        world.kernel.name = kernel
        world.kernel.architecture = architecture
        world.tools.patience = .seconds(120)
        return world
    }

    private static func fixture(_ name: String) throws -> String {
        let directory = FilePath(#filePath).removingLastComponent().removingLastComponent()
        return try LocalFileSystem().text(of: directory.appending("Fixtures/hardware").appending(name))
    }
}

/// Programs with recorded answers; one without an answer is not installed.
struct Answers: ProcessPort {
    struct Answer: Sendable {
        var bytes: [UInt8]
        var code: Int32 = 0

        static func text(_ text: String, code: Int32 = 0) -> Answer { Answer(bytes: Array(text.utf8), code: code) }
        static func bytes(_ bytes: [UInt8]) -> Answer { Answer(bytes: bytes) }
    }

    var answers: [String: Answer]

    func capture(
        _ command: ProcessCommand, limit: Int, timeout: Duration
    ) async throws(ProcessError) -> CapturedProcess {
        let name = FilePath(command.arguments[0]).lastComponent?.string ?? ""
        guard let answer = answers[name] else {
            throw ProcessError(code: .notFound, description: "\(name) was started, and nobody planned that")
        }
        return CapturedProcess(exit: .exited(answer.code), standardOutput: answer.bytes)
    }

    func locate(_ name: String, path: String) -> FilePath? {
        answers[name] == nil ? nil : FilePath("/bin").appending(name)
    }
}
