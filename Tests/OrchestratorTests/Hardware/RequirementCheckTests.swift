import Testing

@testable import Orchestrator

struct RequirementCheckTests {
    /// A server with two cards of a kind and one of another, labelled.
    private static let server = HardwareOffer(
        cpus: 32, memory: 128_000_000_000, disk: 500_000_000_000,
        gpus: [
            OfferedGPU(
                id: "GPU-a", vendor: .nvidia, model: "NVIDIA A100-SXM4-40GB", memory: 42_949_672_960, capability: "8.0"),
            OfferedGPU(
                id: "GPU-b", vendor: .nvidia, model: "NVIDIA A100-SXM4-40GB", memory: 42_949_672_960, capability: "8.0"),
            OfferedGPU(id: "GPU-c", vendor: .nvidia, model: "Tesla T4", memory: 16_106_127_360, capability: "7.5"),
        ],
        others: .init(npus: 1),
        traits: .init(
            architecture: "x86_64", systems: ["linux", "debian"], features: ["avx2", "sse4_2"],
            labels: ["ssd": "", "zone": "eu-west", "rank": "3"], hasWebGPU: true))
    /// A small machine without anything.
    private static let small = HardwareOffer(
        cpus: 2, memory: 4_100_000_000,
        traits: .init(architecture: "aarch64", systems: ["linux", "alpine"]))

    @Test(arguments: [
        ("cpus>=32", true), ("cpus>32", false), ("memory>=128GB", true), ("memory>=128GiB", false), ("disk<1TB", true),
        ("gpu>=3", true), ("gpu>=4", false), ("gpu=3", true), ("gpu", true), ("gpu=0", false),
        ("gpu>=2, vram>=40GB", true), ("gpu>=3, vram>=40GB", false), ("gpu>=3, vram>=16GB", true),
        ("vram>=80GB", false),
        ("vram<20GB", true), ("compute>=8.0, gpu=2", true), ("compute>=7.5, gpu>=3", true), ("compute>=8.6", false),
        ("compute=8", true), ("gpu-model=*a100*, gpu>=2", true), ("gpu-model=T4", false), ("gpu-model=*T4", true),
        ("gpu-vendor=amd", false), ("not gpu-vendor=amd", true), ("any(gpu-vendor=amd, vram>=40GB)", true),
        ("gpu-vendor=nvidia, not gpu-model=*T4*", false), ("npu", true), ("tpu", false), ("tpu=0", true),
        ("arch=amd64", true), ("arch=x86_64", true), ("arch!=arm64", true), ("arch=aarch64", false), ("os=linux", true),
        ("os=Debian", true), ("os=windows", false), ("feature=avx2", true), ("feature!=avx512f", true),
        ("feature=avx512f", false), ("label=ssd", true), ("label=zone", true), ("label!=hdd", true),
        ("label.zone=eu*", true),
        ("label.zone=us", false), ("label.zone!=us", true), ("label.rank>=3", true), ("label.rank>3", false),
        ("label.nothing>=3", false), ("label.nothing!=3", true), ("label.zone>3", false), ("webgpu", true),
        ("webnn", false),
        ("exclusive", true), ("any(webnn, tpu)", false), ("not any(webnn, tpu)", true),
        ("any(all(gpu>=8), all(gpu>=2, compute>=8.0))", true), ("not all(cpus>=32, tpu)", true),
    ]) func `a requirement is met or it is not, and only then something is lacking`(text: String, isMet: Bool) throws {
        let requirement = try Requirement(text)
        #expect(requirement.isMet(by: Self.server) == isMet)
        #expect(requirement.shortfalls(on: Self.server).isEmpty == isMet)
    }

    @Test(arguments: [
        ("gpu>=1", "needs gpu>=1, has none"), ("memory>=8GB", "needs memory>=8GB, has 4.1 GB"),
        ("arch=x86_64", "needs arch=x86_64, is aarch64"), ("os=debian", "needs os=debian, is linux, alpine"),
        ("disk>=1GB", "needs disk>=1GB, is not known"), ("not os=linux", "needs not os=linux, but os=linux holds"),
        ("any(gpu, tpu)", "needs any(gpu>=1, tpu>=1), has none"), ("label=ssd", "needs label=ssd, has no label"),
        ("label.zone=eu", "needs label.zone=eu, has no label zone"),
        ("webgpu", "needs webgpu, no browser with it is known"),
        ("gpu>=2, vram>=16GB", "needs gpu>=2, vram>=16GB, has none"), ("feature=sve", "needs feature=sve, has it not"),
    ]) func `what is lacking is said in words`(text: String, words: String) throws {
        #expect(try Requirement(text).shortfalls(on: Self.small).map(\.description) == [words])
    }

    @Test func `cards that are there but do not count are named`() throws {
        let shortfalls = try Requirement("gpu>=3, vram>=40GB").shortfalls(on: Self.server)
        #expect(
            shortfalls.map(\.found) == [
                "has 2 × NVIDIA A100-SXM4-40GB (42.9 GB), Tesla T4 (16.1 GB), of which 2 count"
            ])
    }

    @Test func `the devices of a requirement are those that count`() throws {
        #expect(try Requirement("gpu>=1, vram>=40GB").devices(of: Self.server).map(\.id) == ["GPU-a", "GPU-b"])
        #expect(try Requirement("cpus>=1").devices(of: Self.server).isEmpty)
    }

    @Test func `the nearest node lacks the least`() throws {
        let nearest = try #require(
            NearestNode(to: try Requirement("gpu>=1, vram>=80GB, cpus>=8"), among: [Self.small, Self.server]))
        #expect(nearest.index == 1)
        #expect(
            nearest.lacks
                == "lacks gpu>=1, vram>=80GB (has 2 × NVIDIA A100-SXM4-40GB (42.9 GB), Tesla T4 (16.1 GB))")
        #expect(NearestNode(to: try Requirement("gpu"), among: []) == nil)
        #expect(NearestNode(to: try Requirement("cpus>=4"), among: [Self.small, Self.server])?.shortfalls == [])
    }

    @Test func `of a card that is cut the pieces count`() throws {
        let card = GPU(
            id: .init(index: 0, uuid: "GPU-x"), vendor: .nvidia, model: "NVIDIA H100", memory: 85_000_000_000,
            partitions: [
                .init(uuid: "MIG-1", profile: "1g.10gb", memory: 10_000_000_000),
                .init(uuid: "MIG-2", profile: "1g.10gb", memory: 10_000_000_000),
            ])
        let offer = HardwareOffer(HardwareProfile(accelerators: .init(gpus: [card])))
        #expect(offer.gpus.map(\.id) == ["MIG-1", "MIG-2"])
        #expect(try Requirement("gpu=2, vram>=10GB").isMet(by: offer))
        #expect(try !Requirement("vram>=80GB").isMet(by: offer))
    }

    @Test func `an empty machine meets nothing that it does not tell`() throws {
        let offer = HardwareOffer(cpus: 1)
        #expect(try !Requirement("memory>=1B").isMet(by: offer))
        #expect(try !Requirement("memory<1TB").isMet(by: offer))
    }
}
