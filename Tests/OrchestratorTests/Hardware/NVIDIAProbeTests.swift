import CICore
import SystemPackage
import Testing

@testable import Orchestrator

struct NVIDIAProbeTests {
    // MARK: The driver's library

    @Test func `the driver's library tells of its cards`() async throws {
        let library = try await Self.library()
        guard case .found(let gpus) = await NVMLibrary.gpus(at: library.file, within: .seconds(120)) else {
            Issue.record("nothing was found")
            return
        }
        #expect(
            gpus.map(\.id) == [.init(index: 0, uuid: "GPU-00000000-0000"), .init(index: 1, uuid: "GPU-00000001-0000")])
        let first = try #require(gpus.first)
        #expect(first.model == "NVIDIA H100 80GB HBM3" && first.vendor == .nvidia && !first.isIntegrated)
        #expect(first.memory == 80 << 30)
        #expect(first.software == .init(driver: "550.54.15", capability: "9.0"))
        #expect(first.partitions.isEmpty)
    }

    @Test func `a card that is cut has pieces`() async throws {
        let library = try await Self.library("-DCUT", "-DCARDS=1")
        guard case .found(let gpus) = await NVMLibrary.gpus(at: library.file, within: .seconds(120)) else {
            Issue.record("nothing was found")
            return
        }
        #expect(
            gpus.first?.partitions == [
                .init(uuid: "MIG-00000100-0000", profile: "1g.10gb", memory: 10 << 30),
                .init(uuid: "MIG-00000101-0000", profile: "1g.10gb", memory: 10 << 30),
            ])
    }

    @Test func `a driver that cannot start is a warning, and the program is asked instead`() async throws {
        let library = try await Self.library("-DCODE=9")
        try library.program("echo '0, GPU-1, NVIDIA T4, 15360, 535.1, 7.5, [N/A]'")
        let detected = await library.detect()
        #expect(detected.warnings == ["NVIDIA's library \(library.file) could not start: Driver Not Loaded"])
        #expect(detected.profile.accelerators.gpus.map(\.model) == ["NVIDIA T4"])
        #expect(detected.profile.sources["gpu.nvidia.0"] == "nvidia-smi")
    }

    @Test func `a library without its functions is a warning`() async throws {
        let library = try await Self.library("-DBARE")
        #expect(
            await library.detect().warnings == [
                "NVIDIA's library \(library.file) lacks the functions for devices"
            ])
    }

    @Test func `a driver that hangs is left behind, and the program is not asked`() async throws {
        let library = try await Self.library("-DHANGS")
        try library.program("echo never; touch \(library.directory.path)/asked")
        let detected = await library.detect(patience: .milliseconds(200))
        #expect(detected.warnings == ["NVIDIA's library \(library.file) did not answer in time"])
        #expect(detected.profile.accelerators.gpus.isEmpty)
        #expect(!LocalFileSystem().exists(library.directory.path.appending("asked")))
    }

    @Test func `the cards extend the class, and with the driver's boot nothing changes`() async throws {
        let library = try await Self.library()
        let profile = await library.detect().profile
        #expect(profile.hardwareClass == "linux-x86_64-4cpu-2xh100-80gb-hbm3")
        #expect(profile.sources["gpu.nvidia.1"] == "NVML")
        #expect(profile.fingerprint == (await library.detect().profile).fingerprint)
        #expect(profile.fingerprint.count == 64)
        #expect(profile.summary == "4 cpus, 2 × NVIDIA H100 80GB HBM3 (85.9 GB)")
    }

    @Test(arguments: [
        ("1", [1]), ("GPU-00000001", [1]), ("1,0", [1, 0]), ("0,7,1", [0]), ("", []), ("-1", []), ("all", [0, 1]),
    ])
    func `a job sees the cards that it was given`(value: String, indices: [Int]) async throws {
        let library = try await Self.library()
        let profile = await library.detect(environment: ["CUDA_VISIBLE_DEVICES": value]).profile
        #expect(profile.accelerators.gpus.map(\.id.index) == indices)
        #expect(profile.sources["gpu.nvidia.visible"] == (value == "all" ? nil : "CUDA_VISIBLE_DEVICES"))
    }

    // MARK: The program

    @Test(
        arguments: [
            ("exit 9", "nvidia-smi ended with exit code 9"),
            (
                "echo 'Failed to initialize NVML: Driver/library version mismatch'; exit 18",
                "nvidia-smi ended with exit code 18: Failed to initialize NVML: Driver/library version mismatch"
            ),
            (
                "echo 'segmentation \u{1b}[31mfault ::error::x, y'",
                "nvidia-smi answered something else than a table: segmentation fault ::error::x, y"
            ),
            ("head -c 100000 /dev/urandom", nil), ("kill -9 $$", "nvidia-smi ended with signal 9"),
            (
                "yes '0, GPU-1, NVIDIA T4, 15360, 535.1, 7.5, Disabled' | head -n 100000",
                "nvidia-smi says more than 1MiB and is not believed"
            ),
        ] as [(String, String?)])
    func `a program that is broken is a warning`(script: String, warning: String?) async throws {
        let machine = try Machine()
        try machine.program(script)
        let detected = await machine.detect()
        #expect(detected.warnings.count == 1)
        if let warning { #expect(detected.warnings == [warning]) }
        #expect(detected.profile.accelerators.gpus.isEmpty)
    }

    @Test func `a program that hangs costs the time for tools, and is a warning`() async throws {
        let machine = try Machine()
        try machine.program("trap '' TERM; while :; do sleep 60; done")
        let detected = await machine.detect(patience: .milliseconds(300))
        #expect(detected.warnings == ["nvidia-smi did not answer in time and was ended"])
        #expect(detected.profile.hardwareClass == "linux-x86_64-4cpu")
    }

    @Test func `an older program is asked again for what it knows`() async throws {
        let machine = try Machine()
        try machine.program(
            """
            case "$1" in
            *compute_cap*) echo 'Field "compute_cap" is not a valid field to query.'; exit 2;;
            *) echo '0, GPU-1, Tesla K80, 11441, 418.87';;
            esac
            """)
        let detected = await machine.detect()
        #expect(detected.warnings == [])
        #expect(detected.profile.accelerators.gpus.map(\.memory) == [11441 << 20])
    }

    @Test func `the pieces of a card are in the program's list`() async throws {
        let machine = try Machine()
        try machine.program(
            """
            if [ "$1" = -L ]; then
            echo 'GPU 0: NVIDIA A100-SXM4-40GB (UUID: GPU-a)'
            echo '  MIG 3g.20gb     Device  0: (UUID: MIG-1)'
            echo '  MIG 1g.5gb      Device  1: (UUID: MIG-2)'
            echo 'GPU 1: NVIDIA A100-SXM4-40GB (UUID: GPU-b)'
            else
            echo '0, GPU-a, NVIDIA A100-SXM4-40GB, 40960, 535.1, 8.0, Enabled'
            echo '1, GPU-b, NVIDIA A100-SXM4-40GB, 40960, 535.1, 8.0, Disabled'
            fi
            """)
        let gpus = await machine.detect().profile.accelerators.gpus
        #expect(
            gpus.map(\.partitions) == [
                [
                    .init(uuid: "MIG-1", profile: "3g.20gb", memory: 20 << 30),
                    .init(uuid: "MIG-2", profile: "1g.5gb", memory: 5 << 30),
                ], [],
            ])
    }

    @Test func `a machine without cards has none, and says nothing`() async throws {
        let machine = try Machine()
        try machine.program("echo 'No devices were found'")
        #expect(await machine.detect() == (try await Machine().detect()))
    }

    @Test func `cards without any driver's tool are told`() async {
        let world = TestWorld.linux([
            "/dev/nvidiactl": "", "/proc/driver/nvidia/gpus/0000:01:00.0/information": "Model: T4\n",
        ])
        #expect(await HardwareDetector(world: world).detect().warnings.count == 1)
    }

    // MARK: Machines

    /// A Linux machine of texts with real programs in a directory of its own.
    private struct Machine {
        let directory: ScratchDirectory
        var file = "/nonexistent/libnvidia-ml.so.1"

        init() throws { directory = try ScratchDirectory() }

        func program(_ script: String, named name: String = "nvidia-smi") throws {
            try directory.write(["bin/\(name)": "#!/bin/sh\n\(script)\n"])
            try ProcessFacts.makeExecutable(directory.path.appending("bin").appending(name))
        }

        func detect(patience: Duration = .seconds(120), environment: [String: String] = [:]) async -> DetectedHardware {
            let path = "\(directory.path)/bin:/usr/bin:/bin"
            var world = TestWorld.linux(
                [:], environment: environment.merging(["PATH": path]) { $1 }, processes: LocalProcesses())
            world.workingDirectory = directory.path
            world.tools.nvml = file
            world.tools.patience = patience
            return await HardwareDetector(world: world).detect()
        }
    }

    /// A machine with the library, compiled with these definitions.
    private static func library(_ definitions: String...) async throws -> Machine {
        var machine = try Machine()
        machine.file = machine.directory.path.appending("libnvidia-ml.so.1").string
        let source = FilePath(#filePath).removingLastComponent().removingLastComponent()
            .appending("Fixtures/hardware/nvml.c")
        let process = try await LocalProcesses().capture(
            ProcessCommand(
                ["cc", "-shared", "-fPIC", "-o", machine.file] + definitions + [source.string],
                environment: machine.directory.realTools.environment, workingDirectory: machine.directory.path),
            limit: 1 << 16, timeout: .seconds(120))
        try #require(process.exit.isSuccess, "\(String(decoding: process.standardError, as: UTF8.self))")
        return machine
    }
}
