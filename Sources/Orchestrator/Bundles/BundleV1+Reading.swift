import CICore
import FoundationEssentials

/// Why a bundle does not count; a clause without its path.
package struct BundleError: Error, Sendable, Hashable, CustomStringConvertible {
    package let description: String

    package init(_ description: String) { self.description = description }
}

extension BundleV1 {
    /// Reads a manifest: unknown keys are ignored, a newer version is refused.
    ///
    /// - Throws: `BundleError`.
    package static func manifest(from bytes: [UInt8]) throws(BundleError) -> BundleManifest {
        guard let json = bytes.withUnsafeBufferPointer({ JSONValue($0) }) else {
            throw BundleError("its bundle.json is cut off or no JSON")
        }
        try check(schema: json["schema"]?.string)
        guard let plan = json["plan"]?.string, !plan.isEmpty, plan.utf8.count <= 200,
            let index = json["node"]?["index"]?.int, let total = json["node"]?["total"]?.int,
            let position = NodePosition(index: index, total: total)
        else { throw BundleError("its bundle.json does not say which node of which plan it is from") }
        return BundleManifest(
            plan: plan, position: position, origin: origin(json), time: try time(json),
            ending: ending(json["ending"]), work: work(json, total: total), files: try files(json["files"]))
    }

    private static func check(schema: String?) throws(BundleError) {
        guard let schema, schema.hasPrefix(family), let version = Int(schema.dropFirst(family.count)), version >= 1
        else { throw BundleError("its bundle.json is no bundle of dt-ci") }
        guard version == 1 else {
            throw BundleError(
                "it is of schema \(SafeText.line(schema, limit: 60)), which is newer than this dt-ci reads "
                    + "(\(Self.schema)): update dt-ci here")
        }
    }

    private static func origin(_ json: JSONValue) -> BundleManifest.Origin {
        BundleManifest.Origin(
            service: json["run"]?["service"]?.string ?? "local", run: json["run"]?["id"]?.string,
            attempt: json["run"]?["attempt"]?.int, job: json["run"]?["job"]?.string, commit: json["commit"]?.string)
    }

    private static func time(_ json: JSONValue) throws(BundleError) -> BundleManifest.Time {
        guard let started = date(json["startedAt"]), let created = date(json["createdAt"]) else {
            throw BundleError("its bundle.json does not say when it was made")
        }
        return BundleManifest.Time(started: started, created: created, duration: duration(json["seconds"]))
    }

    private static func date(_ json: JSONValue?) -> Date? {
        // A date that cannot be read is told as one that is missing.
        json?.string.flatMap { try? Date($0, strategy: Date.ISO8601FormatStyle(includingFractionalSeconds: true)) }
    }

    private static func duration(_ json: JSONValue?) -> Duration {
        .nanoseconds(Int64((min(max(0, json?.double ?? 0), 4e9) * 1e9).rounded()))
    }

    private static func ending(_ json: JSONValue?) -> BundleManifest.Ending {
        var stop: RunState.Stop?
        if let number = json?["stop"]?["signal"]?.int {
            stop = .signal(Int32(clamping: number))
        } else if let limit = json?["stop"]?["timeLimit"] {
            stop = .timeLimit(duration(limit))
        } else if let failures = json?["stop"]?["failFast"]?.int {
            stop = .failFast(failures: failures)
        }
        return BundleManifest.Ending(
            stop: stop, isBroken: json?["broken"]?.bool ?? false, expired: json?["expired"]?.string,
            failsOnFlaky: json?["failsOnFlaky"]?.bool ?? false,
            empty: json?["empty"]?.string.flatMap(RunSettings.EmptyPolicy.init) ?? .error)
    }

    private static func work(_ json: JSONValue, total: Int) -> BundleManifest.Work {
        let costs = json["batches"]?.array.compactMap { batch -> BundleManifest.Cost? in
            guard let suite = batch["suite"]?.string, let units = batch["units"]?.int else { return nil }
            return BundleManifest.Cost(
                suite: SuiteName(suite), units: units, wall: duration(batch["wall"]), tests: duration(batch["tests"]))
        }
        let beyond = json["beyondPlan"]?.array.compactMap { entry -> (UnitID, Int)? in
            guard let unit = entry["unit"]?.string, let node = entry["node"]?.int, (0..<total).contains(node) else {
                return nil
            }
            return (UnitID(unit), node)
        }
        return BundleManifest.Work(
            hardware: HardwareClass(json["hardware"]?.string ?? "unknown"),
            machine: json["machine"].flatMap(HardwareV1.read)?.profile, isWhole: json["whole"]?.bool ?? false,
            costs: costs ?? [], beyond: Dictionary(beyond ?? []) { first, _ in first },
            resumes: lineage(json["resumes"]))
    }

    private static func lineage(_ json: JSONValue?) -> BundleManifest.Lineage? {
        let most = NodePosition.mostNodes
        guard let plan = json?["plan"]?.string, let nodes = json?["nodes"]?.int, (1...most).contains(nodes),
            let generation = json?["generation"]?.int, (1...1000).contains(generation),
            let first = json?["first"]?.int, (nodes...most * 10).contains(first)
        else { return nil }
        return BundleManifest.Lineage(plan: plan, nodes: nodes, generation: generation, first: first)
    }

    /// Only the names that a bundle has: anything else could lead out of it.
    private static func files(_ json: JSONValue?) throws(BundleError) -> [BundleManifest.File] {
        var files: [BundleManifest.File] = []
        for entry in json?.array ?? [] {
            guard let name = entry["name"]?.string, let size = entry["size"]?.int, size >= 0,
                let digest = entry["sha256"]?.string, digest.utf8.count == 64
            else { throw BundleError("its bundle.json lists a file without name, size and digest") }
            guard !name.contains("/"), !name.contains("\\"), name != "..", name != "." else {
                throw BundleError("its bundle.json names a file outside of it: \(SafeText.line(name, limit: 80))")
            }
            guard !files.contains(where: { $0.name == name }) else {
                throw BundleError("its bundle.json lists \(SafeText.line(name, limit: 80)) twice")
            }
            if BundleFile.all.contains(name) { files.append(.init(name: name, size: size, sha256: digest)) }
        }
        guard files.contains(where: { $0.name == BundleFile.results }) else {
            throw BundleError("its bundle.json lists no results.json")
        }
        return files
    }
}
