import CICore

/// The member `timeline` of results: a batch each; left out where nobody watched.
extension ResultsV1 {
    static func write(_ timeline: [BatchSpan], to writer: inout JSONWriter) {
        writer.array(timeline) { writer, span in
            writer.object { writer in
                writer.member("batch", span.batch.rawValue)
                writer.member("suite", span.suite.rawValue)
                writer.member("node", span.place.node)
                writer.member("slot", span.place.slot)
                writer.member("start", span.start)
                writer.member("seconds", span.duration)
                writer.member("tests", span.count.tests)
                writer.member("failed", span.count.failed)
                writer.member("broken", span.count.isBroken)
            }
        }
    }

    static func span(_ json: JSONValue) -> BatchSpan? {
        guard let batch = json["batch"]?.string else { return nil }
        func count(_ key: String) -> Int { min(max(0, json[key]?.int ?? 0), 1 << 32) }
        return BatchSpan(
            batch: BatchID(batch), suite: SuiteName(json["suite"]?.string ?? ""),
            place: .init(node: count("node"), slot: count("slot")), start: duration(json["start"]),
            duration: duration(json["seconds"]),
            count: .init(tests: count("tests"), failed: count("failed"), isBroken: json["broken"]?.bool ?? false))
    }
}
