import CICore

extension HardwareProbe {
    /// NVIDIA's cards: by the driver's library, by `nvidia-smi` where that is not there.
    static let nvidia = HardwareProbe(
        "nvidia", isSlow: true, applies: { !["Darwin"].contains($0.kernel.name) }
    ) { world, draft in
        let outcome = await NVMLibrary.gpus(at: world.tools.nvml, within: draft.patience)
        if case .absent = outcome {} else { draft.hasAskedTools = true }
        switch outcome {
        case .found(let gpus): draft.add(gpus, from: "NVML")
        case .broken(let reason):
            draft.warnings.append("NVIDIA's library \(world.tools.nvml) \(reason)")
            await NVIDIATool.ask(world, &draft)
        // The program would hang on the same driver.
        case .hangs: draft.warnings.append("NVIDIA's library \(world.tools.nvml) did not answer in time")
        case .absent: await NVIDIATool.ask(world, &draft)
        }
    }
}

extension HardwareDraft {
    /// Adds cards. A maker's own tool knows its cards better than a platform that looked before.
    mutating func add(_ gpus: [GPU], from source: String) {
        guard !gpus.isEmpty else { return }
        let vendors = Set(gpus.map(\.vendor))
        profile.accelerators.gpus.removeAll { vendors.contains($0.vendor) }
        profile.accelerators.gpus += gpus
        for gpu in gpus { profile.sources["gpu.\(gpu.vendor.rawValue).\(gpu.id.index)"] = source }
    }
}

/// `nvidia-smi`, NVIDIA's program.
enum NVIDIATool {
    private static let fields = ["index", "uuid", "name", "memory.total", "driver_version"]
    /// Older programs refuse the whole question if they do not know these.
    private static let newerFields = ["compute_cap", "mig.mode.current"]

    static func ask(_ world: HardwareWorld, _ draft: inout HardwareDraft) async {
        let warned = draft.warnings.count
        var process = await draft.answer(of: question(fields + newerFields), in: world)
        if process == nil, draft.warnings.count > warned, draft.warnings.last?.contains("not a valid field") == true {
            draft.warnings.removeLast()
            process = await draft.answer(of: question(fields), in: world)
        }
        guard let process else { return }
        guard var gpus = gpus(in: process.text) else {
            draft.warnings.append("nvidia-smi answered something else than a table: \(excerpt(process.text))")
            return
        }
        if process.text.contains("Enabled"), let list = await draft.answer(of: ["nvidia-smi", "-L"], in: world) {
            for (uuid, pieces) in partitions(in: list.text) {
                guard let place = gpus.firstIndex(where: { $0.id.uuid == uuid }) else { continue }
                gpus[place].partitions = pieces
            }
        }
        draft.add(gpus, from: "nvidia-smi")
    }

    private static func question(_ fields: [String]) -> [String] {
        ["nvidia-smi", "--query-gpu=\(fields.joined(separator: ","))", "--format=csv,noheader,nounits"]
    }

    /// The rows of the answer; `nil` for a text with a row that is none. A machine without cards has no rows.
    static func gpus(in text: String) -> [GPU]? {
        var gpus: [GPU] = []
        for line in text.split(whereSeparator: \.isNewline) where !line.allSatisfy(\.isWhitespace) {
            if line.hasPrefix("No devices were found") { continue }
            let cells = line.split(separator: ",", omittingEmptySubsequences: false).map(\.trimmed)
            guard cells.count >= fields.count, let index = Int(cells[0]), (0..<4096).contains(index),
                cells[1].hasPrefix("GPU-"), gpus.count < 4096
            else { return nil }
            gpus.append(
                GPU(
                    id: .init(index: index, uuid: cells[1]), vendor: .nvidia, model: DeviceText.plain(cells[2]),
                    memory: DeviceText.mebibytes(cells[3]),
                    software: .init(
                        driver: DeviceText.known(cells[4]),
                        capability: cells.count > 5 ? DeviceText.known(cells[5]) : nil)))
        }
        return gpus
    }

    /// The pieces below each card in the list of `-L`:
    ///
    ///     GPU 0: NVIDIA A100-SXM4-40GB (UUID: GPU-…)
    ///       MIG 1g.5gb     Device  0: (UUID: MIG-…)
    static func partitions(in text: String) -> [String: [GPU.Partition]] {
        var pieces: [String: [GPU.Partition]] = [:]
        var card: String?
        for line in text.split(whereSeparator: \.isNewline) {
            guard let start = line.range(of: "(UUID: ")?.upperBound, let end = line[start...].firstIndex(of: ")") else {
                continue
            }
            let uuid = String(line[start..<end])
            let words = line.split(separator: " ")
            if words.first == "GPU" { card = uuid }
            guard words.first == "MIG", words.count > 1, let card else { continue }
            let profile = String(words[1])
            pieces[card, default: []].append(
                GPU.Partition(uuid: uuid, profile: profile, memory: DeviceText.memory(ofProfile: profile)))
        }
        return pieces
    }

    private static func excerpt(_ text: String) -> String { SafeText.line(String(text.prefix(200)).trimmed, limit: 80) }
}

/// Texts of drivers and tools.
enum DeviceText {
    /// On one line, of bounded length, without what a terminal would obey.
    static func plain(_ text: String) -> String { SafeText.line(text.trimmed, limit: 120) }

    /// `nil` for the words that tools have for "not known".
    static func known(_ text: String) -> String? {
        let text = plain(text)
        return text.isEmpty || text.hasPrefix("[") || text == "N/A" ? nil : text
    }

    /// A number of MiB as bytes.
    static func mebibytes(_ text: String) -> Int? {
        guard let number = Int(text), number > 0, number < 1 << 30 else { return nil }
        return number << 20
    }

    /// MIG's profiles end with their memory: `1g.10gb`, `2g.20gb+me`.
    static func memory(ofProfile profile: String) -> Int? {
        let part = profile.split(separator: ".").dropFirst().first { $0.contains("gb") }
        return part.flatMap { part in part.firstIndex(of: "g").flatMap { Int(part[..<$0]) } }.map { $0 << 30 }
    }
}

extension StringProtocol {
    /// Where a text stands within this one; a plain search.
    fileprivate func range(of needle: String) -> Range<Index>? {
        var start = startIndex
        while start < endIndex {
            if self[start...].hasPrefix(needle) { return start..<index(start, offsetBy: needle.count) }
            start = index(after: start)
        }
        return nil
    }
}
