package import CICore

extension HardwareProfile {
    /// The kind of machine that durations are keyed by: `linux-x86_64-2cpu`, with accelerators
    /// `linux-x86_64-16cpu-2xh200`.
    ///
    /// What is a part of the processor says nothing that the processor does not.
    package var hardwareClass: HardwareClass {
        // The kernel's name on macOS, as histories have it.
        let kernel = system.name == "macos" ? "darwin" : system.name
        var text = "\(kernel)-\(processor.architecture)-\(processor.limit.processors)cpu"
        let cards = accelerators.gpus.filter { !$0.isIntegrated }.flatMap(\.offered).map { Self.slug($0.model) }
        let others = [accelerators.tpus, accelerators.npus].map { devices in
            devices.filter { !$0.isIntegrated }.map { Self.slug($0.model) }
        }
        for (model, count) in ([cards] + others).flatMap(Self.counts) { text += "-\(count)x\(model)" }
        return HardwareClass(text)
    }

    /// SHA-256 over what does not change from boot to boot, as 64 hexadecimal digits: neither names nor labels nor what
    /// is free, and the memory in whole GiB, since a kernel keeps more or less of it for itself.
    package var fingerprint: String {
        var digest = FieldDigest()
        digest.add("dt-ci/hardware/v1")
        for text in [system.name, processor.architecture, processor.model] { digest.add(text) }
        digest.add(processor.physicalCores ?? 0)
        digest.add(processor.logicalCores ?? 0)
        digest.add(processor.limit.processors)
        for bytes in [memory.total, memory.limit] {
            digest.add(bytes.map { ($0 + (1 << 29)) >> 30 } ?? -1)
        }
        digest.add(system.container)
        digest.add(system.virtualization)
        digest.add(accelerators.gpus.count)
        for gpu in accelerators.gpus { Self.add(gpu, to: &digest) }
        for devices in [accelerators.tpus, accelerators.npus] {
            digest.add(devices.count)
            for device in devices { digest.add(device.model) }
        }
        return digest.finish()
    }

    private static func add(_ gpu: GPU, to digest: inout FieldDigest) {
        digest.add(gpu.vendor.rawValue)
        digest.add(gpu.model)
        digest.add(gpu.id.uuid)
        digest.add(gpu.memory ?? -1)
        digest.add(gpu.partitions.count)
        for partition in gpu.partitions { digest.add(partition.uuid) }
    }

    /// In the order of the names.
    private static func counts(_ names: [String]) -> [(String, Int)] {
        Dictionary(names.map { ($0, 1) }, uniquingKeysWith: +).sorted { $0.key < $1.key }
    }

    /// A model's name without its maker's, in letters, digits and `-`.
    private static func slug(_ model: String) -> String {
        let makers: Set<Substring> = [
            "nvidia", "amd", "intel", "google", "corporation", "geforce", "radeon", "instinct",
        ]
        let plain = model.lowercased().map { $0.isASCII && ($0.isLetter || $0.isNumber || $0 == ".") ? $0 : "-" }
        let words = String(plain).split(separator: "-")
        let own = words.filter { !makers.contains($0) }
        let name = (own.isEmpty ? words : own).joined(separator: "-")
        return name.isEmpty ? "device" : String(name.prefix(40))
    }
}
