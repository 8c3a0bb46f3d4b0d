import CICore

/// A fact of a profile for people.
package struct HardwareFact: Sendable, Hashable {
    /// Of the group that it is shown in.
    package var title: String
    package var text: String
    package var source: String

    package init(title: String, text: String, source: String) {
        self.title = title
        self.text = text
        self.source = source
    }
}

extension HardwareProfile {
    /// On one line: `2 cpus, 25.3 GB, NVIDIA H200 (141.2 GB)`.
    package var summary: String {
        var parts = [processor.limit.processors == 1 ? "1 cpu" : "\(processor.limit.processors) cpus"]
        if let memory = memory.usable { parts.append(ByteSize.short(memory)) }
        parts += Self.counted(accelerators.gpus.flatMap(\.offered).map(\.title))
        parts += Self.counted((accelerators.tpus + accelerators.npus).map(\.model))
        return SafeText.line(parts.joined(separator: ", "), limit: 300)
    }

    /// Everything that is known, in the order in which people look; safe to show.
    package var facts: [HardwareFact] {
        var facts = systemFacts + processorFacts + memoryFacts
        facts += accelerators.gpus.map { gpu in
            fact("gpu", gpu.line, "gpu.\(gpu.vendor.rawValue).\(gpu.id.index)")
        }
        facts += accelerators.tpus.map { fact("tpu", $0.line, "tpu") }
        facts += accelerators.npus.map { fact("npu", $0.line, "npu") }
        facts += accelerators.browsers.map { browser in
            let words = [browser.hasWebGPU ? "WebGPU" : nil, browser.hasWebNN ? "WebNN" : nil].compactMap(\.self)
            return fact(
                "browser", "\(browser.name): \(words.isEmpty ? "neither" : words.joined(separator: ", "))", "browser")
        }
        facts += labels.sorted { $0.key < $1.key }.map { name, value in
            HardwareFact(
                title: "label", text: SafeText.line(value.isEmpty ? name : "\(name)=\(value)"), source: "given")
        }
        return facts
    }

    private var systemFacts: [HardwareFact] {
        var facts = [fact("os", [system.name, system.distribution].compactMap(\.self).joined(separator: ", "), "os")]
        if let kernel = system.kernel { facts.append(fact("kernel", kernel, "kernel")) }
        if let host = system.host { facts.append(fact("host", host, "host")) }
        if let container = system.container { facts.append(fact("container", container, "container")) }
        if let machine = system.virtualization { facts.append(fact("vm", machine, "vm")) }
        return facts
    }

    private var processorFacts: [HardwareFact] {
        var facts = [fact("arch", processor.architecture, "arch")]
        if let model = processor.model { facts.append(fact("cpu", model, "cpu.model")) }
        let cores = [
            processor.physicalCores.map { "\($0) physical" }, processor.logicalCores.map { "\($0) logical" },
        ].compactMap(\.self)
        if !cores.isEmpty { facts.append(fact("cores", cores.joined(separator: ", "), "cpu.logical")) }
        facts.append(fact("cpus", "\(processor.limit.processors) for this process", "cpus"))
        let known = Self.telling.filter(processor.features.contains)
        if !processor.features.isEmpty {
            let rest = processor.features.count - known.count
            let text = known.joined(separator: ", ") + (rest > 0 ? "\(known.isEmpty ? "" : " and ")\(rest) more" : "")
            facts.append(fact("features", text, "cpu.features"))
        }
        return facts
    }

    private var memoryFacts: [HardwareFact] {
        var facts: [HardwareFact] = []
        if let total = memory.total {
            let free = memory.available.map { ", \(ByteSize.short($0)) available" } ?? ""
            facts.append(fact("memory", ByteSize.short(total) + free, "memory.total"))
        }
        if let limit = memory.limit {
            facts.append(fact("limit", "\(ByteSize.short(limit)) of memory", "memory.limit"))
        }
        for disk in disks {
            let sizes = [
                disk.size.map { ByteSize.short($0) }, disk.free.map { "\(ByteSize.short($0)) free" }, disk.kind,
            ]
            facts.append(fact("disk", "\(disk.path): " + sizes.compactMap(\.self).joined(separator: ", "), "disk"))
        }
        return facts
    }

    private func fact(_ title: String, _ text: String, _ source: String) -> HardwareFact {
        HardwareFact(
            title: title, text: SafeText.line(text, limit: 200),
            source: SafeText.line(sources[source] ?? "", limit: 120))
    }

    /// Features that tests are chosen by.
    private static let telling = [
        "sse4_2", "avx", "avx2", "avx512f", "avx512_bf16", "amx_tile", "fma", "vmx", "svm", "asimd", "sve", "sve2",
    ]

    /// `2 × NVIDIA H200 (141.2 GB)`, in the order of the names.
    private static func counted(_ names: [String]) -> [String] {
        Dictionary(names.map { ($0, 1) }, uniquingKeysWith: +).sorted { $0.key < $1.key }.map { name, count in
            count > 1 ? "\(count) × \(name)" : name
        }
    }
}

extension GPU {
    /// For people.
    fileprivate var line: String {
        var parts = ["\(vendor.rawValue) \(id.index): \(model)"]
        if let memory { parts.append(ByteSize.short(memory)) }
        if isIntegrated { parts.append("integrated") }
        if let capability = software.capability { parts.append("compute \(capability)") }
        if let driver = software.driver { parts.append("driver \(driver)") }
        if !partitions.isEmpty {
            parts.append("cut into " + partitions.map { $0.profile ?? $0.uuid }.joined(separator: " + "))
        }
        return parts.joined(separator: ", ")
    }
}

extension Accelerator {
    /// For people.
    fileprivate var line: String {
        [model, driver.map { "driver \($0)" }, path].compactMap(\.self).joined(separator: ", ")
    }
}
