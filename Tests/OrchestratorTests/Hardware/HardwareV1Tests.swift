import CICore
import FoundationEssentials
import SystemPackage
import Testing

@testable import Orchestrator

struct HardwareV1Tests {
    /// With every fact that there can be.
    static let full = DetectedHardware(
        profile: HardwareProfile(
            system: .init(
                name: "linux", distribution: "debian 12", kernel: "6.1", host: "a\"b", container: "docker",
                virtualization: "kvm"),
            processor: .init(
                model: "Xeon", architecture: "x86_64", physicalCores: 8, logicalCores: 16, features: ["avx2"],
                limit: .init(processors: 4, source: "affinity")),
            memory: .init(total: 64_000_000_000, limit: 8_000_000_000, available: 1),
            disks: [.init(path: "/", kind: "ssd", size: 10, free: 5)],
            accelerators: .init(
                gpus: [
                    GPU(
                        id: .init(index: 1, uuid: "GPU-1"), vendor: .nvidia, model: "NVIDIA H100", memory: 80,
                        software: .init(driver: "550", capability: "9.0"),
                        partitions: [.init(uuid: "MIG-1", profile: "1g.10gb", memory: 10)])
                ],
                tpus: [.init(index: 0, model: "TPU v4", path: "/dev/accel0")],
                npus: [.init(index: 0, model: "Intel NPU", driver: "intel_vpu")],
                browsers: [.init(name: "chromium", hasWebGPU: true, hasWebNN: false)]),
            labels: ["zone": "eu", "ssd": ""], sources: ["cpus": "affinity"]), warnings: ["careful"])

    private static func bytes(_ hardware: DetectedHardware) -> [UInt8] {
        var writer = JSONWriter()
        HardwareV1.write(hardware, to: &writer)
        return writer.bytes
    }

    @Test func `what is written is read as the same`() {
        #expect(HardwareV1.read(Self.bytes(Self.full)) == Self.full)
        let empty = DetectedHardware(profile: HardwareProfile())
        #expect(HardwareV1.read(Self.bytes(empty)) == empty)
    }

    @Test(arguments: [
        "", "[]", "{}", "{\"schema\": \"dt-ci/hardware/v2\", \"cpu\": {}, \"system\": {}}",
        "{\"schema\": \"dt-ci/plan/v1\"}", "{\"schema\": \"dt-ci/hardware/v1\"",
    ]) func `another document is none`(text: String) { #expect(HardwareV1.read(Array(text.utf8)) == nil) }

    @Test func `a document of the wrong kinds is read as far as it goes`() throws {
        let text = """
            {"schema": "dt-ci/hardware/v1", "system": {"name": 5}, "cpu": {"available": -3, "features": "x"},
            "memory": {"total": 1e300}, "gpus": [5, {"index": -1, "memory": "much"}], "labels": [], "disks": {}}
            """
        let profile = try #require(HardwareV1.read(Array(text.utf8))).profile
        #expect(profile.processor.limit.processors == 1 && profile.memory.total == nil)
        #expect(profile.accelerators.gpus.count == 2 && profile.labels.isEmpty)
    }

    @Test func `the class and the fingerprint name what does not change`() {
        var other = Self.full.profile
        #expect(other.hardwareClass == "linux-x86_64-4cpu-1xh100-mig-1g.10gb-1xtpu-v4-1xnpu")
        other.memory.available = 2
        other.memory.total = 64_000_100_000
        other.labels = [:]
        other.system.host = "elsewhere"
        other.system.kernel = "6.2"
        #expect(other.fingerprint == Self.full.profile.fingerprint)
        other.accelerators.gpus[0].id.uuid = "GPU-2"
        #expect(other.fingerprint != Self.full.profile.fingerprint)
    }

    @Test func `a profile fits on one line, whatever is in it`() {
        var profile = Self.full.profile
        #expect(profile.summary == "4 cpus, 8 GB, NVIDIA H100 MIG 1g.10gb (10 B), Intel NPU, TPU v4")
        profile.accelerators.gpus[0].model = "\u{1b}[31mx\n::error::y"
        #expect(!profile.summary.contains("\n") && !profile.summary.contains("\u{1b}"))
        #expect(profile.facts.allSatisfy { !$0.text.contains("\n") })
    }

    // MARK: Cache

    @Test func `what tools said is kept for an hour, and asked for again when that is wanted`() async throws {
        let scratch = try ScratchDirectory()
        let cache = { (seconds: Double) in
            HardwareCache(file: scratch.path.appending("c/hardware.json"), now: Date(timeIntervalSince1970: seconds))
        }
        let world = Self.world(named: "NVIDIA T4", scratch)
        #expect(
            await HardwareDetector(world: world, cache: cache(1000)).detect().profile.accelerators.gpus.map(\.model)
                == ["NVIDIA T4"])
        let other = Self.world(named: "NVIDIA L4", scratch)
        let models = { (seconds: Double, refreshing: Bool) async in
            await HardwareDetector(world: other, labels: ["a": "b"], cache: cache(seconds)).detect(
                refreshing: refreshing)
        }
        let kept = await models(4500, false)
        #expect(kept.profile.accelerators.gpus.map(\.model) == ["NVIDIA T4"] && kept.profile.labels == ["a": "b"])
        #expect(await models(900, false).profile.accelerators.gpus.map(\.model) == ["NVIDIA L4"])
        #expect(await models(1000, true).profile.accelerators.gpus.map(\.model) == ["NVIDIA L4"])
        #expect(await models(9000, false).profile.accelerators.gpus.map(\.model) == ["NVIDIA L4"])
    }

    @Test(arguments: ["", "{", "[]", "{\"schema\": \"dt-ci/hardware-cache/v1\", \"key\": \"x\", \"written\": 999}"])
    func `a cache that is broken is as good as none`(text: String) async throws {
        let scratch = try ScratchDirectory()
        try scratch.write(["hardware.json": text])
        let cache = HardwareCache(file: scratch.path.appending("hardware.json"), now: Date(timeIntervalSince1970: 1000))
        let world = Self.world(named: "NVIDIA T4", scratch)
        #expect(await HardwareDetector(world: world, cache: cache).detect().profile.accelerators.gpus.count == 1)
    }

    @Test func `a machine without tools keeps nothing`() async throws {
        let scratch = try ScratchDirectory()
        let file = scratch.path.appending("hardware.json")
        var world = Self.world(named: "", scratch)
        world.processes = NoProcesses()
        _ = await HardwareDetector(world: world, cache: HardwareCache(file: file, now: Date(timeIntervalSince1970: 1)))
            .detect()
        #expect(!LocalFileSystem().exists(file))
    }

    @Test func `the cache is where caches are`() {
        #expect(HardwareCache.file(in: ["XDG_CACHE_HOME": "/c", "HOME": "/h"]) == "/c/dt-ci/hardware.json")
        #expect(HardwareCache.file(in: ["XDG_CACHE_HOME": "c", "HOME": "/h"]) == "/h/.cache/dt-ci/hardware.json")
        #expect(HardwareCache.file(in: [:]) == nil)
    }

    /// With real files, so that the cache can be written.
    private static func world(named model: String, _ scratch: ScratchDirectory) -> HardwareWorld {
        let answer = "0, GPU-1, \(model), 15360, 535.1, 7.5, [N/A]\n"
        var world = TestWorld.linux(
            [:], environment: ["PATH": "/bin"], processes: Answers(answers: ["nvidia-smi": .text(answer)]))
        world.files = LocalFileSystem()
        world.workingDirectory = scratch.path
        world.kernel.name = "Test"
        world.tools.patience = .seconds(120)
        return world
    }
}
