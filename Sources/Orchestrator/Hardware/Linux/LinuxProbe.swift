import CICore
import SystemPackage

extension HardwareProbe {
    /// Linux, from `/proc` and `/sys` alone.
    static let linux = HardwareProbe("linux", applies: { $0.kernel.name == "Linux" }) { world, draft in
        LinuxMachine(world: world).describe(&draft)
    }
}

/// What Linux says of the machine.
struct LinuxMachine {
    let world: HardwareWorld

    func describe(_ draft: inout HardwareDraft) {
        draft.set(\.system.name, to: "linux", "os", from: "uname")
        draft.set(\.system.kernel, world.kernel.release, "kernel", from: "uname")
        let release = Self.distribution(world.text("/etc/os-release") ?? "")
        draft.set(\.system.distribution, release, "distribution", from: "/etc/os-release")
        describeProcessor(&draft)
        describeMemory(&draft)
        if let disk = LinuxDisk(holding: world.workingDirectory, world: world)?.disk {
            draft.set(\.disks, to: [disk], "disk", from: "/proc/self/mountinfo")
        }
    }

    private func describeProcessor(_ draft: inout HardwareDraft) {
        let table = LinuxProcessorTable(world.text("/proc/cpuinfo") ?? "")
        draft.set(\.processor.model, table.model, "cpu.model", from: "/proc/cpuinfo")
        draft.set(\.processor.features, to: table.features, "cpu.features", from: "/proc/cpuinfo")
        let logical = table.logicalCores > 0 ? table.logicalCores : world.kernel.processors
        let counter = table.logicalCores > 0 ? "/proc/cpuinfo" : "sysconf"
        draft.set(\.processor.logicalCores, logical, "cpu.logical", from: counter)
        if let cores = table.physicalCores {
            draft.set(\.processor.physicalCores, cores, "cpu.physical", from: "/proc/cpuinfo")
        } else {
            draft.set(
                \.processor.physicalCores, coresByTopology(logical), "cpu.physical", from: "/sys/devices/system/cpu")
        }
        let limit = ProcessorLimit(online: world.kernel.processors, files: world.files)
        draft.set(\.processor.limit, to: limit, "cpus", from: limit.source)
    }

    /// Pairs of package and core; `nil` where the kernel does not tell all of them.
    private func coresByTopology(_ logical: Int) -> Int? {
        var cores: Set<String> = []
        for number in 0..<min(logical, 4096) {
            let directory = "/sys/devices/system/cpu/cpu\(number)/topology"
            guard let core = world.line("\(directory)/core_id"),
                let package = world.line("\(directory)/physical_package_id")
            else { return nil }
            cores.insert("\(package):\(core)")
        }
        return cores.isEmpty ? nil : cores.count
    }

    private func describeMemory(_ draft: inout HardwareDraft) {
        let table = Self.memoryTable(world.text("/proc/meminfo") ?? "")
        draft.set(\.memory.total, table["MemTotal"], "memory.total", from: "/proc/meminfo")
        let groups = ControlGroups(world.files)
        let limit = groups.least(of: "memory", version2: "memory.max", version1: "memory.limit_in_bytes")
        var available = table["MemAvailable"]
        var source = "/proc/meminfo"
        // An unlimited group of version 1 has a limit beyond every machine.
        if let limit, limit.bytes < table["MemTotal"] ?? .max {
            draft.set(\.memory.limit, limit.bytes, "memory.limit", from: limit.path)
            let used = groups.least(of: "memory", version2: "memory.current", version1: "memory.usage_in_bytes")
            if let used, max(0, limit.bytes - used.bytes) < available ?? .max {
                available = max(0, limit.bytes - used.bytes)
                source = used.path
            }
        }
        draft.set(\.memory.available, available, "memory.available", from: source)
    }

    // MARK: Texts

    /// `debian 12` of `ID` and `VERSION_ID`.
    static func distribution(_ text: String) -> String? {
        var values: [Substring: String] = [:]
        for line in text.split(separator: "\n") {
            let parts = line.split(separator: "=", maxSplits: 1)
            guard parts.count == 2 else { continue }
            values[parts[0]] = parts[1].filter { $0 != "\"" && $0 != "'" }
        }
        guard let id = values["ID"] else { return nil }
        return [id, values["VERSION_ID"]].compactMap(\.self).joined(separator: " ")
    }

    /// Bytes by name; lines that are no amount are left out.
    static func memoryTable(_ text: String) -> [String: Int] {
        var table: [String: Int] = [:]
        for line in text.split(separator: "\n") {
            let parts = line.split(separator: ":", maxSplits: 1)
            guard parts.count == 2 else { continue }
            let words = parts[1].split(separator: " ")
            guard let number = words.first.flatMap({ Int($0) }), number >= 0, number < 1 << 50 else { continue }
            table[String(parts[0])] = words.last == "kB" ? number * 1024 : number
        }
        return table
    }
}
