/// What a requirement can speak of.
package enum RequirementFact: String, Sendable, Hashable, CaseIterable {
    case cpus
    case memory
    case disk
    case gpu
    case vram
    case compute
    case gpuVendor = "gpu-vendor"
    case gpuModel = "gpu-model"
    case npu
    case tpu
    case arch
    case os
    case feature
    case label
    case webgpu
    case webnn
    case exclusive

    /// What it is compared with.
    enum Kind: Sendable {
        case count
        case size
        case version
        case word
        /// Holds or does not.
        case flag
    }

    var kind: Kind {
        switch self {
        case .cpus, .gpu, .npu, .tpu: .count
        case .memory, .disk, .vram: .size
        case .compute: .version
        case .gpuVendor, .gpuModel, .arch, .os, .feature, .label: .word
        case .webgpu, .webnn, .exclusive: .flag
        }
    }

    /// Whether it says which GPUs are counted.
    var isOfDevice: Bool { [.vram, .compute, .gpuVendor, .gpuModel].contains(self) }

    /// Words that are read as one of the names.
    private static let aliases: [String: RequirementFact] = [
        "cpu": .cpus, "cores": .cpus, "mem": .memory, "ram": .memory, "gpus": .gpu, "npus": .npu, "tpus": .tpu,
        "labels": .label, "features": .feature, "gpu-memory": .vram, "architecture": .arch,
    ]

    /// In any case of letters, `_` as good as `-`.
    init?(name: some StringProtocol) {
        let name = name.lowercased().replacing("_", with: "-")
        guard let fact = RequirementFact(rawValue: name) ?? Self.aliases[name] else { return nil }
        self = fact
    }

    /// For the reference: what it means, in a phrase.
    package var meaning: String {
        switch self {
        case .cpus: "processors that this process may use"
        case .memory: "main memory, or the container's share of it"
        case .disk: "free space where the run works"
        case .gpu: "GPUs; the pieces of one that is cut (MIG) count each"
        case .vram: "memory of each GPU that is counted"
        case .compute: "NVIDIA compute capability of each GPU that is counted"
        case .gpuVendor: "nvidia, amd, intel, apple or other"
        case .gpuModel: "the model's name; `*` stands for any characters"
        case .npu: "NPUs"
        case .tpu: "TPU chips"
        case .arch: "architecture; arm64 = aarch64, x86_64 = amd64"
        case .os: "linux, macos, windows, or a distribution such as debian"
        case .feature: "an instruction set such as avx2"
        case .label: "a label that the node was given; `label.zone=eu` compares its value"
        case .webgpu: "a browser with WebGPU"
        case .webnn: "a browser with WebNN"
        case .exclusive: "nothing else of the run on the node at the same time"
        }
    }
}

/// How a fact is to stand to a value.
package enum Relation: String, Sendable, Hashable, CaseIterable {
    case equal = "="
    case unequal = "!="
    case less = "<"
    case atMost = "<="
    case greater = ">"
    case atLeast = ">="

    /// Whether two values stand so to each other.
    func holds<Value: Comparable>(_ left: Value, _ right: Value) -> Bool {
        switch self {
        case .equal: left == right
        case .unequal: left != right
        case .less: left < right
        case .atMost: left <= right
        case .greater: left > right
        case .atLeast: left >= right
        }
    }

    /// Every spelling, the longer first.
    static let spellings: [(text: [Unicode.Scalar], relation: Relation)] = {
        let words: [(String, Relation)] = [
            ("!=", .unequal), ("<>", .unequal), ("<=", .atMost), (">=", .atLeast), ("==", .equal), ("=", .equal),
            ("<", .less), (">", .greater), ("≠", .unequal), ("≤", .atMost), ("≥", .atLeast),
        ]
        return words.map { (Array($0.0.unicodeScalars), $0.1) }
    }()
}
