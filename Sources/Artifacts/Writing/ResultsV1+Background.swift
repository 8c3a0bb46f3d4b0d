import CICore

/// The members `background` and `nodes` of results; each is left out where it is empty.
extension ResultsV1 {
    /// A test each, in the order of their ids.
    static func write(_ background: [TestID: TestBackground], to writer: inout JSONWriter) {
        writer.array(background.sorted { $0.key < $1.key }) { writer, entry in
            writer.object { writer in
                writer.member("id", entry.key.rawValue)
                writer.key("past")
                writer.array(entry.value.past) { $0.value($1.rawValue) }
                writer.member("command", entry.value.command)
                writer.key("owners")
                writer.array(entry.value.owners) { $0.value($1) }
            }
        }
    }

    static func background(_ json: JSONValue) -> [TestID: TestBackground] {
        var background: [TestID: TestBackground] = [:]
        for entry in json.array {
            guard let id = entry["id"]?.string else { continue }
            let past = entry["past"]?.array.compactMap { $0.string.flatMap(TestBackground.PastOutcome.init) } ?? []
            background[TestID(id)] = TestBackground(
                past: past, command: entry["command"]?.string,
                owners: entry["owners"]?.array.compactMap(\.string) ?? [])
        }
        return background
    }

    static func write(_ nodes: [NodeRecord], to writer: inout JSONWriter) {
        writer.array(nodes) { writer, node in
            writer.object { writer in
                writer.member("node", node.index)
                writer.member("hardware", node.hardware?.rawValue)
                if let machine = node.machine { writer.member("machine", machine) }
                writer.member("lost", node.lost)
            }
        }
    }

    static func node(_ json: JSONValue) -> NodeRecord? {
        guard let index = json["node"]?.int, (0..<(1 << 32)).contains(index) else { return nil }
        return NodeRecord(
            index: index, hardware: json["hardware"]?.string.map { HardwareClass($0) },
            machine: json["machine"]?.string,
            lost: min(max(0, json["lost"]?.int ?? 0), 1 << 32))
    }
}
