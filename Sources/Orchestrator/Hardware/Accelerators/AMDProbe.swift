import CICore
import SystemPackage

extension HardwareProbe {
    /// AMD's cards: by the kernel's topology, with names from `rocm-smi` where it is there.
    static let amd = HardwareProbe(
        "amd", isSlow: true, applies: { $0.files.exists("/sys/class/kfd/kfd/topology/nodes") }
    ) { world, draft in
        var gpus = AMDTopology(world: world).gpus
        guard !gpus.isEmpty else { return }
        let question = [
            "rocm-smi", "--showproductname", "--showmeminfo", "vram", "--showuniqueid", "--showdriverversion",
        ]
        if let process = await draft.answer(of: question + ["--json"], in: world) {
            if let table = AMDTool(process.text) {
                table.name(&gpus)
            } else {
                draft.warnings.append("rocm-smi answered something else than JSON")
            }
        }
        draft.add(gpus, from: "/sys/class/kfd")
    }
}

/// `/sys/class/kfd/kfd/topology/nodes`, where processors are nodes as well.
struct AMDTopology {
    let gpus: [GPU]

    init(world: HardwareWorld) {
        let root = "/sys/class/kfd/kfd/topology/nodes"
        var gpus: [GPU] = []
        // A container sees the host's topology, but only the device files that it was given.
        guard world.files.exists("/dev/kfd") else {
            self.gpus = []
            return
        }
        for name in world.names(in: root).filter({ Int($0) != nil }).sorted(by: { (Int($0) ?? 0) < (Int($1) ?? 0) }) {
            let facts = Self.facts(world.text("\(root)/\(name)/properties") ?? "")
            // Processors have no SIMD units; a card that this process may not use has no readable properties.
            guard facts["simd_count", default: 0] > 0, let target = facts["gfx_target_version"], target > 0,
                world.files.exists(FilePath("/dev/dri/renderD\(facts["drm_render_minor"] ?? 128)"))
            else { continue }
            let memory = world.names(in: "\(root)/\(name)/mem_banks").reduce(0) { sum, bank in
                let bank = Self.facts(world.text("\(root)/\(name)/mem_banks/\(bank)/properties") ?? "")
                // 1 and 2 are the card's own memory, 0 is the machine's.
                return [1, 2].contains(bank["heap_type"]) ? sum &+ max(0, bank["size_in_bytes"] ?? 0) : sum
            }
            let capability = Self.target(target)
            let uuid = facts["unique_id"].flatMap { $0 != 0 ? "GPU-" + String(UInt(bitPattern: $0), radix: 16) : nil }
            gpus.append(
                GPU(
                    id: .init(index: gpus.count, uuid: uuid), vendor: .amd,
                    model: "AMD \(world.line("\(root)/\(name)/name").map(DeviceText.plain) ?? capability)",
                    memory: memory > 0 ? memory : nil, software: .init(capability: capability),
                    isIntegrated: facts["cpu_cores_count", default: 0] > 0))
        }
        self.gpus = gpus
    }

    /// Lines of a name and a number.
    private static func facts(_ text: String) -> [String: Int] {
        var facts: [String: Int] = [:]
        for line in text.split(separator: "\n") {
            let words = line.split(separator: " ")
            guard words.count == 2, let number = Int(words[1]) ?? UInt(words[1]).map({ Int(bitPattern: $0) }) else {
                continue
            }
            facts[String(words[0])] = number
        }
        return facts
    }

    /// `90010` is gfx90a: major, minor and stepping in two decimal digits each, the last two written hexadecimal.
    static func target(_ version: Int) -> String {
        let minor = String(version / 100 % 100, radix: 16)
        return "gfx\(version / 10000)\(minor)\(String(version % 100, radix: 16))"
    }
}

/// The answer of `rocm-smi --json`; the names of its members changed over the years, and their case.
struct AMDTool {
    private let cards: [[String: String]]
    private let driver: String?

    /// `nil` if it is no such answer; programs of this family write warnings before the JSON.
    init?(_ text: String) {
        guard let start = text.firstIndex(of: "{"), case .object(let members)? = JSONValue(String(text[start...]))
        else {
            return nil
        }
        let names = members.keys.filter { $0.hasPrefix("card") }.sorted { Self.number($0) < Self.number($1) }
        cards = names.map { Self.texts(members[$0]) }
        driver = members["system"].map(Self.texts)?["driver version"]
    }

    /// Fills in what the kernel does not tell, card by card in their order.
    func name(_ gpus: inout [GPU]) {
        guard cards.count == gpus.count else { return }
        for (place, card) in cards.enumerated() {
            let names = ["device name", "card series", "card model"].compactMap { card[$0] }
            if let name = names.first(where: { !$0.hasPrefix("0x") && $0 != "N/A" }) {
                gpus[place].model = DeviceText.plain(name)
            }
            if gpus[place].memory == nil { gpus[place].memory = card["vram total memory (b)"].flatMap { Int($0) } }
            gpus[place].software.driver = driver.flatMap(DeviceText.known)
        }
    }

    private static func number(_ name: String) -> Int { Int(name.filter(\.isNumber)) ?? .max }

    private static func texts(_ value: JSONValue?) -> [String: String] {
        guard case .object(let members)? = value else { return [:] }
        return Dictionary(members.compactMap { key, value in value.string.map { (key.lowercased(), $0) } }) { $1 }
    }
}
