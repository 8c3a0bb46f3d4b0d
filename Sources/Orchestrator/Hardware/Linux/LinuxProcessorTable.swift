/// The kernel's table of processors, `/proc/cpuinfo`, which differs from architecture to architecture.
struct LinuxProcessorTable {
    private(set) var model: String?
    /// Entries of the table.
    private(set) var logicalCores = 0
    /// Pairs of package and core, where the table has them.
    private(set) var physicalCores: Int?
    /// Sorted.
    private(set) var features: [String] = []

    init(_ text: String) {
        var cores: Set<String> = []
        var entry: [Substring: String] = [:]
        var first: [Substring: String] = [:]
        let lines: [Substring] = text.split(separator: "\n", omittingEmptySubsequences: false) + [""]
        for line in lines {
            let parts = line.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
            if parts.count == 2 {
                let key = parts[0].trimmed
                entry[Substring(key)] = parts[1].trimmed
                first[Substring(key)] = first[Substring(key)] ?? parts[1].trimmed
                continue
            }
            guard line.allSatisfy(\.isWhitespace), entry["processor"] != nil else { continue }
            logicalCores += 1
            if let package = entry["physical id"], let core = entry["core id"] { cores.insert("\(package):\(core)") }
            entry = [:]
        }
        physicalCores = cores.isEmpty ? nil : cores.count
        model = Self.model(first)
        let flags = first["flags"] ?? first["Features"] ?? first["isa"] ?? ""
        features = Set(flags.split(separator: " ").map(String.init)).sorted()
    }

    private static func model(_ facts: [Substring: String]) -> String? {
        let named = facts["model name"] ?? facts["Model"] ?? facts["cpu model"] ?? facts["uarch"] ?? facts["cpu"]
        if let named, !named.isEmpty { return named.split(separator: " ").joined(separator: " ") }
        guard let maker = facts["CPU implementer"], let part = facts["CPU part"] else { return nil }
        return armModels["\(maker.lowercased()) \(part.lowercased())"] ?? "ARM \(maker) part \(part)"
    }

    /// 64-bit ARM tells numbers only: maker and part as in the kernel's `arch/arm64/include/asm/cputype.h`.
    private static let armModels = [
        "0x41 0xd03": "ARM Cortex-A53", "0x41 0xd07": "ARM Cortex-A57", "0x41 0xd08": "ARM Cortex-A72",
        "0x41 0xd0b": "ARM Cortex-A76", "0x41 0xd0c": "ARM Neoverse-N1", "0x41 0xd40": "ARM Neoverse-V1",
        "0x41 0xd49": "ARM Neoverse-N2", "0x41 0xd4f": "ARM Neoverse-V2", "0x41 0xd8e": "ARM Neoverse-N3",
        "0xc0 0xac3": "Ampere-1", "0xc0 0xac4": "Ampere-1A", "0x61 0x022": "Apple M1", "0x61 0x023": "Apple M1",
        "0x46 0x001": "Fujitsu A64FX",
    ]
}
