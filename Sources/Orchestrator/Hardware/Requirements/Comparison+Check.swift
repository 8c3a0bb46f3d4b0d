extension Requirement.Comparison {
    /// The number of what is counted.
    var count: Int? {
        guard case .count(let number) = value else { return nil }
        return number
    }

    /// Whether so many are as it says.
    func holds(_ number: Int) -> Bool { count.map { relation.holds(number, $0) } ?? false }

    /// Of all facts but those of GPUs.
    func holds(on offer: HardwareOffer) -> Bool {
        switch fact {
        case .cpus: holds(offer.cpus)
        case .memory: holds(bytes: offer.memory)
        case .disk: holds(bytes: offer.disk)
        case .npu: holds(offer.others.npus)
        case .tpu: holds(offer.others.tpus)
        case .arch: isWord(among: [Self.canonicalArchitecture(offer.traits.architecture)])
        case .os: isWord(among: offer.traits.systems)
        case .feature: isWord(among: offer.traits.features)
        case .label: holds(labels: offer.traits.labels)
        case .webgpu: offer.traits.hasWebGPU
        case .webnn: offer.traits.hasWebNN
        case .exclusive: true
        // Checked together, as a group.
        case .gpu, .vram, .compute, .gpuVendor, .gpuModel: false
        }
    }

    /// Of the facts that say which GPUs are counted.
    func holds(for gpu: OfferedGPU) -> Bool {
        switch fact {
        case .vram: return holds(bytes: gpu.memory)
        case .compute:
            guard case .version(let wanted) = value, let found = gpu.capability.flatMap(CapabilityVersion.parts) else {
                return false
            }
            return relation.holds(Self.padded(found), Self.padded(wanted))
        case .gpuVendor: return isWord(among: [gpu.vendor.rawValue])
        case .gpuModel: return isWord(among: [gpu.model])
        default: return true
        }
    }

    /// What an offer has instead; for all facts but those of GPUs.
    func shortfall(on offer: HardwareOffer) -> Shortfall {
        let traits = offer.traits
        switch fact {
        case .cpus: return shortfall("has \(offer.cpus)", of: offer.cpus)
        case .memory: return shortfall(Self.words(offer.memory), of: offer.memory)
        case .disk: return shortfall(Self.words(offer.disk), of: offer.disk)
        case .npu: return shortfall(Self.counted(offer.others.npus), of: offer.others.npus)
        case .tpu: return shortfall(Self.counted(offer.others.tpus), of: offer.others.tpus)
        case .arch: return shortfall("is \(traits.architecture)")
        case .os: return shortfall("is \(traits.systems.joined(separator: ", "))")
        case .feature: return shortfall(relation == .equal ? "has it not" : "has it")
        case .label: return shortfall(Self.words(traits.labels, label))
        case .webgpu, .webnn: return shortfall("no browser with it is known")
        case .exclusive, .gpu, .vram, .compute, .gpuVendor, .gpuModel: return shortfall("has none")
        }
    }

    // MARK: Parts

    private func shortfall(_ found: String, of number: Int? = nil) -> Shortfall {
        let wanted: Int? =
            switch value {
            case .count(let count): count
            case .bytes(let bytes): bytes
            case .version, .word, .flag: nil
            }
        guard let wanted, let number, wanted > 0 else { return Shortfall(needed: text, found: found, gap: 1) }
        let gap = Double(wanted - number) / Double(wanted)
        return Shortfall(needed: text, found: found, gap: min(1, gap.magnitude))
    }

    private func holds(bytes: Int?) -> Bool {
        guard case .bytes(let wanted) = value, let bytes else { return false }
        return relation.holds(bytes, wanted)
    }

    /// Upper and lower case are one; `*` stands for any characters.
    private func isWord(among words: some Sequence<String>) -> Bool {
        guard case .word(let wanted) = value else { return false }
        let folded = fact == .arch ? Self.canonicalArchitecture(wanted) : wanted.lowercased()
        let pattern = TestPattern(folded)
        return words.contains { pattern.covers($0.lowercased()) } == (relation == .equal)
    }

    /// A label with a value is compared as a number where both are numbers; one that is missing is only unequal.
    private func holds(labels: [String: String]) -> Bool {
        guard case .word(let wanted) = value else { return false }
        guard let label else { return (labels[wanted] != nil) == (relation == .equal) }
        guard let found = labels[label] else { return relation == .unequal }
        if let left = Double(found), let right = Double(wanted) { return relation.holds(left, right) }
        return switch relation {
        case .equal: TestPattern(wanted).covers(found)
        case .unequal: !TestPattern(wanted).covers(found)
        case .less, .atMost, .greater, .atLeast: false
        }
    }

    /// Versions of different length compare as if the shorter went on with zeros.
    private static func padded(_ version: [Int]) -> PaddedVersion {
        PaddedVersion(parts: version + .init(repeating: 0, count: max(0, 4 - version.count)))
    }

    private static func words(_ bytes: Int?) -> String { bytes.map { "has \(ByteSize.short($0))" } ?? "is not known" }

    private static func counted(_ count: Int) -> String { count == 0 ? "has none" : "has \(count)" }

    private static func words(_ labels: [String: String], _ label: String?) -> String {
        if let label { return labels[label].map { "has \(label)=\($0)" } ?? "has no label \(label)" }
        let names = labels.keys.sorted().prefix(6).joined(separator: ", ")
        return names.isEmpty ? "has no label" : "has \(names)"
    }

    /// One word for each architecture, whoever names it.
    static func canonicalArchitecture(_ word: String) -> String {
        switch word.lowercased() {
        case "amd64", "x64", "x86-64", "x86_64": "x86_64"
        case "arm64", "aarch64", "armv8": "aarch64"
        case "x86", "i386", "i486", "i586", "i686": "x86"
        case let other: other
        }
    }
}

/// Four numbers.
private struct PaddedVersion: Comparable {
    var parts: [Int]

    static func < (left: Self, right: Self) -> Bool { left.parts.lexicographicallyPrecedes(right.parts) }
}
