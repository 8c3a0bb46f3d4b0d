package import CICore

extension HardwareV1 {
    /// Reads what `write` writes, ignoring keys that it does not know; `nil` if it is no such document, or of a later
    /// version.
    package static func read(_ json: JSONValue) -> DetectedHardware? {
        guard json["schema"]?.string == schema, let cpu = json["cpu"], let system = json["system"] else { return nil }
        let memory = json["memory"]
        let profile = HardwareProfile(
            system: self.system(system), processor: processor(cpu),
            memory: .init(
                total: bytes(memory?["total"]), limit: bytes(memory?["limit"]), available: bytes(memory?["available"])),
            disks: list(json["disks"]).map { disk in
                .init(
                    path: disk["path"]?.string ?? "", kind: disk["kind"]?.string, size: bytes(disk["size"]),
                    free: bytes(disk["free"]))
            },
            accelerators: accelerators(json), labels: texts(json["labels"]), sources: texts(json["sources"]))
        return DetectedHardware(profile: profile, warnings: list(json["warnings"]).compactMap(\.string))
    }

    /// Reads the bytes of a document.
    package static func read(_ bytes: [UInt8]) -> DetectedHardware? {
        bytes.withUnsafeBufferPointer { JSONValue($0) }.flatMap { read($0) }
    }

    private static func system(_ json: JSONValue) -> HardwareProfile.System {
        .init(
            name: json["name"]?.string ?? "unknown", distribution: json["distribution"]?.string,
            kernel: json["kernel"]?.string, host: json["host"]?.string, container: json["container"]?.string,
            virtualization: json["virtualization"]?.string)
    }

    private static func processor(_ json: JSONValue) -> HardwareProfile.Processor {
        .init(
            model: json["model"]?.string, architecture: json["architecture"]?.string ?? "unknown",
            physicalCores: bytes(json["physicalCores"]), logicalCores: bytes(json["logicalCores"]),
            features: list(json["features"]).compactMap(\.string),
            limit: ProcessorLimit(
                processors: bytes(json["available"]) ?? 1, source: json["limitedBy"]?.string ?? "unknown"))
    }

    private static func accelerators(_ json: JSONValue) -> Accelerators {
        Accelerators(
            gpus: list(json["gpus"]).map(gpu), tpus: list(json["tpus"]).map(device),
            npus: list(json["npus"]).map(device),
            browsers: list(json["browsers"]).map { browser in
                BrowserSupport(
                    name: browser["name"]?.string ?? "", hasWebGPU: browser["webgpu"]?.bool ?? false,
                    hasWebNN: browser["webnn"]?.bool ?? false)
            })
    }

    private static func gpu(_ json: JSONValue) -> GPU {
        GPU(
            id: .init(index: bytes(json["index"]) ?? 0, uuid: json["uuid"]?.string),
            vendor: json["vendor"]?.string.flatMap(GPU.Vendor.init) ?? .other, model: json["model"]?.string ?? "",
            memory: bytes(json["memory"]),
            software: .init(driver: json["driver"]?.string, capability: json["capability"]?.string),
            isIntegrated: json["integrated"]?.bool ?? false,
            partitions: list(json["partitions"]).map { partition in
                .init(
                    uuid: partition["uuid"]?.string ?? "", profile: partition["profile"]?.string,
                    memory: bytes(partition["memory"]))
            })
    }

    private static func device(_ json: JSONValue) -> Accelerator {
        Accelerator(
            index: bytes(json["index"]) ?? 0, model: json["model"]?.string ?? "", driver: json["driver"]?.string,
            path: json["path"]?.string, isIntegrated: json["integrated"]?.bool ?? false)
    }

    /// No machine has more of anything.
    private static func list(_ json: JSONValue?) -> [JSONValue] { Array((json?.array ?? []).prefix(10_000)) }

    private static func bytes(_ json: JSONValue?) -> Int? {
        json?.int.flatMap { (0..<1 << 53).contains($0) ? $0 : nil }
    }

    private static func texts(_ json: JSONValue?) -> [String: String] {
        guard case .object(let members)? = json else { return [:] }
        return members.compactMapValues(\.string)
    }
}
