import CICore
import SystemPackage

extension HardwareProbe {
    /// Windows, by PowerShell's CIM classes; by `wmic` where PowerShell is not there.
    static let windows = HardwareProbe(
        "windows", isSlow: true,
        applies: { world in
            ["Windows", "MINGW", "MSYS", "CYGWIN"].contains { world.kernel.name.hasPrefix($0) }
        }
    ) { world, draft in
        draft.set(\.system.name, to: "windows", "os", from: "uname")
        if let process = await draft.answer(of: WindowsText.question, in: world) {
            guard let answer = WindowsText.answer(process.standardOutput) else {
                draft.warnings.append("PowerShell answered something else than JSON")
                return
            }
            WindowsFacts(answer, source: "powershell").take(&draft)
            return
        }
        var answer: [String: [[String: String]]] = [:]
        for name in WindowsText.classes {
            guard let process = await draft.answer(of: ["wmic", "path", name, "get", "/format:list"], in: world) else {
                continue
            }
            answer[name] = WindowsText.records(process.standardOutput)
        }
        WindowsFacts(answer, source: "wmic").take(&draft)
    }
}

/// What Windows's programs write.
enum WindowsText {
    static let classes = [
        "Win32_OperatingSystem", "Win32_ComputerSystem", "Win32_Processor", "Win32_VideoController",
        "Win32_LogicalDisk",
    ]

    /// One program for all classes: PowerShell takes half a second to start.
    static let question = [
        "powershell", "-NoProfile", "-NonInteractive", "-Command",
        "[Console]::OutputEncoding = [Text.Encoding]::UTF8; $all = @{}; foreach ($name in "
            + classes.map { "'\($0)'" }.joined(separator: ",")
            + ") { $all[$name] = @(Get-CimInstance -ClassName $name | Select-Object -Property * -ExcludeProperty Cim*) }; "
            + "ConvertTo-Json -InputObject $all -Depth 3 -Compress",
    ]

    /// Records by class, every value as text; `nil` if it is no such answer.
    static func answer(_ bytes: [UInt8]) -> [String: [[String: String]]]? {
        guard let json = JSONValue(text(bytes).trimmed), case .object(let classes) = json else { return nil }
        return classes.mapValues { value in
            // A list of one is often written as that one alone.
            let records = if case .array(let elements) = value { elements } else { [value] }
            return records.map { record in
                guard case .object(let members) = record else { return [:] }
                return members.compactMapValues(Self.plain)
            }
        }
    }

    private static func plain(_ value: JSONValue) -> String? {
        switch value {
        case .string(let text): text
        case .number(let number): Int(exactly: number).map { "\($0)" } ?? "\(number)"
        case .bool(let flag): flag ? "TRUE" : "FALSE"
        case .null, .array, .object: nil
        }
    }

    /// `wmic … /format:list`: lines of `Name=Value`, records apart by blank lines, each line ended by two carriage returns.
    static func records(_ bytes: [UInt8]) -> [[String: String]] {
        var records: [[String: String]] = []
        var record: [String: String] = [:]
        var blanks = 0
        let lines = text(bytes).split(omittingEmptySubsequences: false) { $0 == "\n" || $0 == "\r\n" }
        for line in lines.map(\.trimmed) + ["", ""] {
            guard let equals = line.firstIndex(of: "=") else {
                blanks += 1
                if blanks >= 1, !record.isEmpty {
                    records.append(record)
                    record = [:]
                }
                continue
            }
            blanks = 0
            record[String(line[..<equals])] = String(line[line.index(after: equals)...])
        }
        return records
    }

    /// `wmic` writes UTF-16 where its output is no terminal.
    private static func text(_ bytes: [UInt8]) -> String {
        guard bytes.starts(with: [0xff, 0xfe]) else {
            return String(decoding: bytes.starts(with: [0xef, 0xbb, 0xbf]) ? bytes[3...] : bytes[...], as: UTF8.self)
        }
        let units = stride(from: 2, to: bytes.count - 1, by: 2).map { UInt16(bytes[$0]) | UInt16(bytes[$0 + 1]) << 8 }
        return String(decoding: units, as: UTF16.self)
    }
}

/// CIM records as facts.
struct WindowsFacts {
    private let classes: [String: [[String: String]]]
    private let source: String

    init(_ classes: [String: [[String: String]]], source: String) {
        self.classes = classes
        self.source = source
    }

    func take(_ draft: inout HardwareDraft) {
        let system = first("Win32_OperatingSystem")
        draft.set(\.system.distribution, system["Version"].flatMap(DeviceText.known), "distribution", from: source)
        draft.set(\.system.kernel, system["BuildNumber"].flatMap(DeviceText.known), "kernel", from: source)
        draft.set(
            \.memory.available, number(system["FreePhysicalMemory"]).map { $0 << 10 }, "memory.available", from: source)
        let computer = first("Win32_ComputerSystem")
        draft.set(\.memory.total, number(computer["TotalPhysicalMemory"]), "memory.total", from: source)
        let maker = "\(computer["Manufacturer"] ?? "") \(computer["Model"] ?? "")".lowercased()
        draft.set(\.system.virtualization, ContainerTraces.machine(calledBy: maker), "vm", from: source)
        takeProcessors(&draft)
        draft.add(gpus, from: source)
        let drive = draft.profile.disks.first?.path ?? "C:"
        let disks = (classes["Win32_LogicalDisk"] ?? []).filter { $0["DriveType"] == "3" }
        if let disk = disks.first(where: { $0["DeviceID"] == drive }) ?? disks.first {
            draft.set(
                \.disks,
                to: [
                    .init(
                        path: disk["DeviceID"] ?? drive, kind: disk["FileSystem"]?.lowercased(),
                        size: number(disk["Size"]), free: number(disk["FreeSpace"]))
                ], "disk", from: source)
        }
    }

    private func takeProcessors(_ draft: inout HardwareDraft) {
        let sockets = classes["Win32_Processor"] ?? []
        draft.set(\.processor.model, sockets.first?["Name"].flatMap(DeviceText.known), "cpu.model", from: source)
        let sum = { (name: String) -> Int? in
            let counts = sockets.compactMap { number($0[name]) }
            return counts.isEmpty ? nil : counts.reduce(0, +)
        }
        draft.set(\.processor.physicalCores, sum("NumberOfCores"), "cpu.physical", from: source)
        guard let logical = sum("NumberOfLogicalProcessors"), logical > 0 else { return }
        draft.set(\.processor.logicalCores, logical, "cpu.logical", from: source)
        draft.set(\.processor.limit, to: ProcessorLimit(processors: logical, source: source), "cpus", from: source)
    }

    /// Without the adapters that only show pictures. `AdapterRAM` has 32 bits: what reaches 4 GB is not believed.
    private var gpus: [GPU] {
        let adapters = (classes["Win32_VideoController"] ?? []).filter { adapter in
            let name = (adapter["Name"] ?? "").lowercased()
            return !["basic display", "remote display", "hyper-v", "virtual"].contains { name.contains($0) }
        }
        var gpus: [GPU] = []
        for adapter in adapters {
            guard let name = adapter["Name"].flatMap(DeviceText.known) else { continue }
            let maker = "\(adapter["AdapterCompatibility"] ?? "") \(name)".lowercased()
            let isIntegrated = maker.contains("intel") && !name.contains("Arc")
            let memory = number(adapter["AdapterRAM"]).flatMap { $0 < 4_293_918_720 ? $0 : nil }
            gpus.append(
                GPU(
                    id: .init(index: gpus.count), vendor: Self.vendor(maker), model: name,
                    memory: isIntegrated ? nil : memory,
                    software: .init(driver: adapter["DriverVersion"].flatMap(DeviceText.known)),
                    isIntegrated: isIntegrated))
        }
        return gpus
    }

    private static func vendor(_ text: String) -> GPU.Vendor {
        if text.contains("nvidia") { return .nvidia }
        if text.contains("advanced micro") || text.contains("amd") || text.contains("radeon") { return .amd }
        return text.contains("intel") ? .intel : .other
    }

    private func first(_ name: String) -> [String: String] { classes[name]?.first ?? [:] }

    private func number(_ text: String?) -> Int? {
        text.flatMap { Int($0) }.flatMap { (1..<1 << 53).contains($0) ? $0 : nil }
    }
}
