import Testing

@testable import Orchestrator

struct RequirementTests {
    @Test(arguments: [
        ("cpus>=4", "cpus>=4"), ("gpu", "gpu>=1"), ("  memory >= 8 GB ,cpu=2", "cpus=2, memory>=8GB"),
        ("vram≥16GiB, gpu≠3", "gpu!=3, vram>=16GiB"), ("memory>=1.5GB", "memory>=1500MB"),
        ("memory>=17179869184B", "memory>=16GiB"), ("memory>=0.5GiB", "memory>=512MiB"),
        ("not os=windows", "not os=windows"), ("not not gpu", "gpu>=1"), ("any(gpu>=1, npu)", "any(gpu>=1, npu>=1)"),
        ("all(cpus>2, all(gpu, webgpu))", "cpus>2, gpu>=1, webgpu"), ("gpu, gpu>=1, gpus>=1", "gpu>=1"),
        ("any(arch=arm64, all(arch=x86_64, feature=avx2))", "any(arch=arm64, all(arch=x86_64, feature=avx2))"),
        ("label=\"with space, comma\"", "label=\"with space, comma\""), ("label.zone=eu-west", "label.zone=eu-west"),
        ("label.\"a b\"!=\"say \\\"x\\\" \\\\\"", "label.\"a b\"!=\"say \\\"x\\\" \\\\\""),
        ("label.zone=\"\"", "label.zone=\"\""),
        ("label.zone", "label=zone"), ("compute>=8", "compute>=8"), ("EXCLUSIVE", "exclusive"),
        ("not any(gpu, tpu)", "not any(gpu>=1, tpu>=1)"), ("webnn=true", "webnn"), ("(cpus>=2)", "cpus>=2"),
        ("gpu_vendor==nvidia, gpu-model=*H100*", "gpu-vendor=nvidia, gpu-model=*H100*"),
    ]) func `a requirement has one canonical text, which reads as itself`(text: String, canonical: String) throws {
        let requirement = try Requirement(text)
        #expect(requirement.description == canonical)
        #expect(try Requirement(canonical) == requirement)
        #expect(try Requirement(canonical).description == canonical)
    }

    @Test func `the order of writing changes nothing`() throws {
        #expect(try Requirement("os=linux, gpu>=1, not(tpu)") == Requirement("not tpu, gpu, os=linux"))
    }

    @Test(
        arguments: [
            ("", 1, "found nothing", nil), ("gpuz>=1", 1, "unknown fact \"gpuz\"", "gpu"),
            ("cpus>=4, memroy>=8GB", 10, "unknown fact \"memroy\"", "memory"),
            ("memory>=8", 9, "\"8\" as memory", nil), ("cpus>=many", 7, "\"many\" as cpus", nil),
            ("cpus>=-1", 7, "\"-1\" as cpus", nil), ("cpus>=", 7, "the end", nil),
            ("any(gpu", 8, "the end within brackets", nil),
            ("gpu)", 4, "\")\" after a requirement", nil), ("gpu,,cpus>=1", 5, "\",\"", nil),
            ("os>=linux", 1, "os has no order", nil), ("os", 1, "os without a value", nil),
            ("label=\"open", 7, "a quotation that does not end", nil), ("webgpu=3", 1, "webgpu takes no value", nil),
            ("any(exclusive, gpu)", 5, "exclusive under a condition", nil),
            ("not exclusive", 5, "exclusive under a condition", nil),
            ("vram>=99999999999999TB", 7, "\"99999999999999TB\" as vram", nil),
            ("compute>=8.x", 10, "\"8.x\" as compute", nil),
            ("gpu>=1 and cpus>=2", 8, "\"a\" after a requirement", nil), ("docker", 1, "unknown fact \"docker\"", nil),
        ] as [(String, Int, String, String?)])
    func `what is no requirement is refused with its place`(
        text: String, column: Int, problem: String, nearest: String?
    ) {
        let error = #expect(throws: RequirementError.self) { try Requirement(text) }
        #expect(error?.column == column)
        if !text.isEmpty { #expect(error?.problem == problem) }
        #expect(error?.nearest == nearest)
    }

    @Test func `what is too long or too deep is refused`() {
        let deep = String(repeating: "any(", count: 500) + "gpu" + String(repeating: ")", count: 500)
        #expect(throws: RequirementError.self) { try Requirement(deep) }
        #expect(throws: RequirementError.self) { try Requirement(String(repeating: "not ", count: 200) + "gpu") }
        #expect(throws: RequirementError.self) { try Requirement(String(repeating: "gpu,", count: 2000) + "gpu") }
    }

    @Test func `several requirements become one`() throws {
        let parts = [try Requirement("gpu"), try Requirement("cpus>=2, gpu")]
        #expect(Requirement(all: parts)?.description == "cpus>=2, gpu>=1")
        #expect(Requirement(all: []) == nil)
    }

    @Test func `only an exclusive that always holds is exclusive`() throws {
        #expect(try Requirement("cpus>=2, exclusive").isExclusive)
        #expect(try Requirement("all(exclusive)").isExclusive)
        #expect(try !Requirement("cpus>=2").isExclusive)
    }

    /// Texts from a small grammar: each is read, and its canonical text reads as the same.
    @Test func `every requirement of the grammar survives its canonical text`() throws {
        var random = SplitMix(state: 7)
        for _ in 0..<2000 {
            let text = Self.requirement(depth: 3, &random)
            let requirement = try Requirement(text)
            #expect(try Requirement(requirement.description) == requirement, "\(text)")
        }
    }

    private static func requirement(depth: Int, _ random: inout SplitMix) -> String {
        let leaves = [
            "cpus>=2", "memory<3GiB", "vram>=16GB", "gpu", "gpu=0", "os!=linux", "label.a<=5", "label=x", "compute>7.5",
            "webgpu", "feature=avx2", "disk>=1TB",
        ]
        switch depth > 0 ? Int.random(in: 0..<6, using: &random) : 5 {
        case 0: return "not \(requirement(depth: depth - 1, &random))"
        case 1, 2:
            let parts = (0..<Int.random(in: 1...3, using: &random)).map { _ in requirement(depth: depth - 1, &random) }
            return "\(Bool.random(using: &random) ? "any" : "all")(\(parts.joined(separator: ", ")))"
        default: return leaves[Int.random(in: 0..<leaves.count, using: &random)]
        }
    }
}
