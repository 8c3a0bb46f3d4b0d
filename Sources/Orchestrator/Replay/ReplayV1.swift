import CICore

/// The `dt-ci/replay/v1` document in a bundle.
enum ReplayV1 {
    static let schema = "dt-ci/replay/v1"
    private static let family = "dt-ci/replay/v"

    static func bytes(of record: ReplayRecord) -> [UInt8] {
        var json = JSONWriter(capacity: 16 << 10)
        json.object { json in
            json.member("schema", schema)
            json.member("run", record.run.rawValue)
            json.member("slots", record.slots)
            json.key("suites")
            json.array(record.suites) { json, suite in write(suite, to: &json) }
            json.key("batches")
            json.array(record.batches) { json, batch in write(batch, to: &json) }
        }
        json.endLine()
        return json.drain()
    }

    private static func write(_ suite: ReplayRecord.SuiteEnvironment, to json: inout JSONWriter) {
        json.object { json in
            json.member("name", suite.name.rawValue)
            json.member("runner", suite.runner.rawValue)
            json.key("environment")
            json.object { json in
                for (name, value) in suite.variables.sorted(by: { $0.key < $1.key }) {
                    json.key(dynamic: name)
                    json.value(value)
                }
            }
            json.key("secrets")
            json.array(suite.secrets) { $0.value($1) }
        }
    }

    private static func write(_ served: ReplayRecord.Batch, to json: inout JSONWriter) {
        json.object { json in
            json.member("id", served.batch.id.rawValue)
            json.member("suite", served.batch.suite.rawValue)
            json.member("slot", served.slot)
            json.member("estimate", served.batch.estimate)
            json.member("purpose", served.batch.purpose.word)
            json.member("attempt", served.batch.attempt)
            json.key("units")
            json.array(served.batch.units) { json, unit in
                json.object { json in
                    json.member("selector", unit.selector)
                    json.member("granularity", unit.granularity.rawValue)
                    json.member("container", unit.container)
                    guard let tests = unit.tests else { return }
                    json.key("tests")
                    json.array(tests) { $0.value($1) }
                }
            }
        }
    }

    /// - Throws: `BundleError`.
    static func record(from bytes: [UInt8]) throws(BundleError) -> ReplayRecord {
        guard let json = bytes.withUnsafeBufferPointer({ JSONValue($0) }) else {
            throw BundleError("its replay.json is cut off or no JSON")
        }
        guard let schema = json["schema"]?.string, schema.hasPrefix(family),
            let version = Int(schema.dropFirst(family.count)), version >= 1
        else { throw BundleError("its replay.json is no record of dt-ci") }
        guard version == 1 else {
            throw BundleError("its replay.json is of a newer dt-ci than this one: update dt-ci here")
        }
        guard let run = json["run"]?.string, let slots = json["slots"]?.int, (1...100_000).contains(slots) else {
            throw BundleError("its replay.json does not say what ran")
        }
        var batches: [ReplayRecord.Batch] = []
        for entry in json["batches"]?.array ?? [] { batches.append(try batch(entry, slots: slots)) }
        return ReplayRecord(
            run: RunID(run), slots: slots, suites: (json["suites"]?.array ?? []).compactMap(suite), batches: batches)
    }

    private static func suite(_ json: JSONValue) -> ReplayRecord.SuiteEnvironment? {
        guard let name = json["name"]?.string, let runner = json["runner"]?.string else { return nil }
        var variables: [String: String] = [:]
        if case .object(let members)? = json["environment"] { variables = members.compactMapValues(\.string) }
        return ReplayRecord.SuiteEnvironment(
            name: SuiteName(name), runner: RunnerID(runner), variables: variables,
            secrets: (json["secrets"]?.array ?? []).compactMap(\.string))
    }

    private static func batch(_ json: JSONValue, slots: Int) throws(BundleError) -> ReplayRecord.Batch {
        guard let id = json["id"]?.string, let suite = json["suite"]?.string, let slot = json["slot"]?.int,
            (0..<slots).contains(slot), let purpose = QueuedBatch.Purpose(json)
        else { throw BundleError("its replay.json has a batch that cannot be") }
        let units = (json["units"]?.array ?? []).compactMap { unit -> TestUnit? in
            guard let selector = unit["selector"]?.string,
                let granularity = unit["granularity"]?.string.flatMap(Granularity.init)
            else { return nil }
            return TestUnit(
                suite: SuiteName(suite), selector: selector, granularity: granularity,
                container: unit["container"]?.string, tests: unit["tests"]?.array.compactMap(\.string))
        }
        guard !units.isEmpty, units.count == json["units"]?.array.count else {
            throw BundleError("its replay.json has a batch without units")
        }
        let estimate = min(max(0, json["estimate"]?.double ?? 0), 3e9)
        return ReplayRecord.Batch(
            QueuedBatch(
                id: BatchID(id), suite: SuiteName(suite), units: units, estimate: .seconds(estimate), purpose: purpose),
            slot: slot)
    }
}

extension QueuedBatch.Purpose {
    fileprivate var word: String {
        switch self {
        case .planned: "planned"
        case .rest: "rest"
        case .isolation: "isolation"
        case .retry: "retry"
        }
    }

    fileprivate init?(_ json: JSONValue) {
        switch json["purpose"]?.string {
        case "planned"?: self = .planned
        case "rest"?: self = .rest
        case "isolation"?: self = .isolation
        case "retry"?: self = .retry(attempt: max(2, json["attempt"]?.int ?? 2))
        default: return nil
        }
    }
}
