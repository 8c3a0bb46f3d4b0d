import CICore
import SystemPackage

extension HardwareProbe {
    /// macOS, by its own programs.
    static let macOS = HardwareProbe("macos", isSlow: true, applies: { $0.kernel.name == "Darwin" }) { world, draft in
        draft.set(\.system.name, to: "macos", "os", from: "uname")
        let names = MacOSText.names.joined(separator: " ").split(separator: " ").map(String.init)
        // Names that a machine does not know make the program fail after it has told the others.
        if let process = await draft.answer(of: ["sysctl"] + names, isOptional: true, in: world) {
            MacOSText.take(settings: process.text, &draft)
        }
        if let process = await draft.answer(of: ["sw_vers", "-productVersion"], in: world) {
            draft.set(\.system.distribution, DeviceText.known(process.text), "distribution", from: "sw_vers")
        }
        if let process = await draft.answer(of: ["vm_stat"], in: world) {
            draft.set(
                \.memory.available, MacOSText.availableMemory(process.text), "memory.available", from: "vm_stat")
        }
        if let process = await draft.answer(of: ["system_profiler", "-json", "SPDisplaysDataType"], in: world) {
            if let gpus = MacOSText.gpus(process.text) {
                draft.add(gpus, from: "system_profiler")
            } else {
                draft.warnings.append("system_profiler answered something else than its JSON")
            }
        }
        let space = world.tools.space(world.workingDirectory)
        let disk = HardwareProfile.Disk(path: world.workingDirectory.string, size: space?.size, free: space?.free)
        draft.set(\.disks, to: [disk], "disk", from: "statvfs")
    }
}

/// What macOS's programs write.
enum MacOSText {
    static let names = [
        "hw.memsize", "hw.physicalcpu", "hw.logicalcpu", "hw.optional.arm64", "machdep.cpu.brand_string",
        "machdep.cpu.features", "machdep.cpu.leaf7_features", "kern.hv_vmm_present",
    ]

    /// Lines such as `hw.memsize: 17179869184`.
    static func take(settings text: String, _ draft: inout HardwareDraft) {
        var values: [String: String] = [:]
        for line in text.split(whereSeparator: \.isNewline) {
            guard let colon = line.firstIndex(of: ":") else { continue }
            values[line[..<colon].trimmed] = line[line.index(after: colon)...].trimmed
        }
        let number = { (name: String) in values[name].flatMap { Int($0) }.flatMap { $0 > 0 ? $0 : nil } }
        draft.set(\.memory.total, number("hw.memsize"), "memory.total", from: "sysctl")
        draft.set(\.processor.physicalCores, number("hw.physicalcpu"), "cpu.physical", from: "sysctl")
        draft.set(\.processor.logicalCores, number("hw.logicalcpu"), "cpu.logical", from: "sysctl")
        let model = values["machdep.cpu.brand_string"].flatMap(DeviceText.known)
        draft.set(\.processor.model, model, "cpu.model", from: "sysctl")
        let features = ["machdep.cpu.features", "machdep.cpu.leaf7_features"].flatMap { name in
            (values[name] ?? "").lowercased().split(separator: " ").map(String.init)
        }
        if !features.isEmpty {
            draft.set(\.processor.features, to: Set(features).sorted(), "cpu.features", from: "sysctl")
        }
        if values["kern.hv_vmm_present"] == "1" { draft.set(\.system.virtualization, "vm", "vm", from: "sysctl") }
        // Every Apple processor has one.
        if values["hw.optional.arm64"] == "1" {
            draft.set(
                \.accelerators.npus, to: [Accelerator(index: 0, model: "Apple Neural Engine", isIntegrated: true)],
                "npu", from: "sysctl")
        }
    }

    /// Pages that are free, inactive, speculative or purgeable, in bytes:
    ///
    ///     Mach Virtual Memory Statistics: (page size of 16384 bytes)
    ///     Pages free:                               12345.
    static func availableMemory(_ text: String) -> Int? {
        var page: Int?
        var pages = 0
        for line in text.split(whereSeparator: \.isNewline) {
            let words = line.split(separator: " ")
            if let place = words.firstIndex(of: "of"), words.first == "Mach", place + 1 < words.count {
                page = Int(words[place + 1])
            }
            let names = ["Pages free:", "Pages inactive:", "Pages speculative:", "Pages purgeable:"]
            guard names.contains(where: { line.hasPrefix($0) }),
                let number = words.last.flatMap({ Int($0.dropLast()) }),
                (0..<1 << 40).contains(number)
            else { continue }
            pages += number
        }
        return page.flatMap { (1...1 << 20).contains($0) ? $0 * pages : nil }
    }

    /// The cards of `SPDisplaysDataType`; `nil` if it is no such answer.
    static func gpus(_ text: String) -> [GPU]? {
        guard case .array(let cards)? = JSONValue(text)?["SPDisplaysDataType"] else { return nil }
        return cards.enumerated().compactMap { index, card in
            guard let name = card["sppci_model"]?.string ?? card["_name"]?.string else { return nil }
            let maker = "\(card["spdisplays_vendor"]?.string ?? "") \(name)".lowercased()
            let own = card["spdisplays_vram"]?.string
            return GPU(
                id: .init(index: index), vendor: vendor(maker), model: DeviceText.plain(name),
                memory: own.flatMap(binarySize),
                software: .init(
                    capability: card["spdisplays_mtlgpufamilysupport"]?.string.flatMap(DeviceText.known).map(metal)),
                isIntegrated: own == nil)
        }
    }

    /// `8 GB` is 8 GiB there.
    private static func binarySize(_ text: String) -> Int? {
        let words = text.split(separator: " ")
        guard words.count == 2, let number = Int(words[0]), (1..<1 << 20).contains(number) else { return nil }
        return words[1] == "GB" ? number << 30 : words[1] == "MB" ? number << 20 : nil
    }

    /// `spdisplays_metal3` is Metal 3.
    private static func metal(_ word: String) -> String {
        word.hasPrefix("spdisplays_") ? String(word.dropFirst("spdisplays_".count)) : word
    }

    private static func vendor(_ text: String) -> GPU.Vendor {
        if text.contains("apple") { return .apple }
        if text.contains("nvidia") || text.contains("geforce") { return .nvidia }
        if text.contains("amd") || text.contains("radeon") || text.contains("1002") { return .amd }
        return text.contains("intel") || text.contains("8086") ? .intel : .other
    }
}
