package import CICore
import FoundationEssentials

/// An event as one line of JSON, `dt-ci/events/v1`.
///
/// Readers ignore keys they do not know; a new key is no new version.
package enum EventLine {
    /// The schema's name, on every line.
    package static let schema = "dt-ci/events/v1"

    /// The line with its line feed.
    package static func bytes(_ event: RunEvent) -> [UInt8] {
        var json = JSONWriter(capacity: 256)
        json.object { json in
            json.key("schema")
            json.value(schema)
            json.key("sequence")
            json.value(event.sequence)
            json.key("at")
            json.value(event.at.formatted(Date.ISO8601FormatStyle(includingFractionalSeconds: true)))
            json.key("event")
            json.value(name(event.kind))
            write(event.kind, to: &json)
        }
        json.endLine()
        return json.bytes
    }

    private static func name(_ kind: RunEvent.Kind) -> String {
        switch kind {
        case .runStarted: "run.started"
        case .nodeJoined: "node.joined"
        case .nodeLost: "node.lost"
        case .batchLeased: "batch.leased"
        case .batchStarted: "batch.started"
        case .testFinished: "test.finished"
        case .batchFinished: "batch.finished"
        case .error: "error"
        case .runFinished: "run.finished"
        }
    }

    private static func write(_ kind: RunEvent.Kind, to json: inout JSONWriter) {
        switch kind {
        case .runStarted(let run, let units, let slots, let estimate):
            json.field("run", run.rawValue)
            json.field("units", units)
            json.field("slots", slots)
            json.field("estimate", estimate == .zero ? nil : estimate)
        case .nodeJoined(let name, let slots):
            json.field("node", name)
            json.field("slots", slots)
        case .nodeLost(let name, let reason):
            json.field("node", name)
            json.field("reason", reason)
        case .batchLeased(let batch, let slot):
            json.field("batch", batch.rawValue)
            json.field("slot", slot)
        case .batchStarted(let batch, let suite, let units, let slot, let estimate):
            json.field("batch", batch.rawValue)
            json.field("suite", suite.rawValue)
            json.field("slot", slot)
            json.key("units")
            json.array(units) { $0.value($1.rawValue) }
            json.field("estimate", estimate == .zero ? nil : estimate)
        case .testFinished(let test, let attempt, let slot):
            json.field("test", test.rawValue)
            json.field("slot", slot)
            json.field("outcome", attempt.outcome.rawValue)
            json.field("seconds", attempt.duration)
            json.field("message", attempt.reason?.message.map { SafeText.Bounded.head($0, limit: 1000).text })
        case .batchFinished(let batch, let slot, let duration, let problem):
            json.field("batch", batch.rawValue)
            json.field("slot", slot)
            json.field("seconds", duration)
            json.field("problem", problem)
        case .error(let message): json.field("message", message)
        case .runFinished(let run, let exitCode):
            json.field("run", run.rawValue)
            json.field("exitCode", Int(exitCode))
        }
    }
}

extension JSONWriter {
    fileprivate mutating func field(_ name: StaticString, _ text: String?) {
        key(name)
        value(text)
    }

    fileprivate mutating func field(_ name: StaticString, _ number: Int) {
        key(name)
        value(number)
    }

    fileprivate mutating func field(_ name: StaticString, _ duration: Duration?) {
        key(name)
        value(duration)
    }
}
