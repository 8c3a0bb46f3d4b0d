import CICore

/// How batches stand in databases.
enum StoredBatch {
    /// A JSON array.
    static func text(of units: [UnitID]) -> String {
        var json = JSONWriter(capacity: 64 * units.count + 8)
        json.array(units) { $0.value($1.rawValue) }
        return String(decoding: json.drain(), as: UTF8.self)
    }

    /// Empty for what is no such array.
    static func units(in text: String) -> [UnitID] {
        (JSONValue(text)?.array ?? []).compactMap(\.string).map { UnitID($0) }
    }

    /// A batch as it was stored; what it waited for is not asked back.
    static func batch(id: String, suite: String, units: String, estimate: Int, requirement: String) -> SharedBatch {
        SharedBatch(
            id: BatchID(id), suite: SuiteName(suite), units: self.units(in: units), estimate: .microseconds(estimate),
            requirement: requirement)
    }
}
