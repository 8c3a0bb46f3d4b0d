import CICore

import struct FoundationEssentials.Data
import class FoundationEssentials.JSONDecoder

/// Why a document is no plan that can be used; one sentence.
package struct PlanFormatError: Error, Sendable, Hashable, CustomStringConvertible {
    /// What is wrong with it.
    package enum Code: Sendable, Hashable {
        /// No JSON, or not of a plan's shape.
        case malformed
        /// Another kind of document.
        case otherSchema
        /// Written by a later dt-ci.
        case newerSchema
        /// Its content does not have its id.
        case changed
    }

    package var code: Code
    package var description: String

    package init(_ code: Code, _ description: String) {
        self.code = code
        self.description = description
    }
}

extension PlanV1 {
    /// The plan in a document; unknown keys are ignored.
    package static func plan(from bytes: [UInt8]) throws(PlanFormatError) -> Plan {
        try document(from: bytes).plan
    }

    /// The plan with what stands beside it.
    package static func document(from bytes: [UInt8]) throws(PlanFormatError) -> PlanDocument {
        try checkSchema(of: bytes)
        let payload: PlanPayload = try decode(bytes)
        let plan = Plan(
            nodes: payload.nodes.map(\.node), makespan: try duration(payload.makespan),
            lowerBound: try duration(payload.lowerBound),
            unsatisfiable: (payload.unsatisfiable ?? []).map { unit in
                UnsatisfiableUnit(unit: UnitID(unit.unit), requirement: unit.requirement, reason: unit.reason)
            },
            inputs: payload.inputs?.inputs ?? Plan.Inputs())
        guard plan.id == payload.id else {
            throw PlanFormatError(
                .changed, "the plan was changed after it was made: its content does not have the id it gives")
        }
        return PlanDocument(plan: plan, details: payload.details?.details ?? PlanDocument.Details())
    }

    private static func checkSchema(of bytes: [UInt8]) throws(PlanFormatError) {
        let head: PlanHead = try decode(bytes)
        let family = "dt-ci/plan/v"
        guard let schema = head.schema, schema.hasPrefix(family) else {
            throw PlanFormatError(.otherSchema, "this is no plan: its schema is not \(family)…")
        }
        guard let version = Int(schema.dropFirst(family.count)), version >= 1 else {
            throw PlanFormatError(.otherSchema, "this is no plan: its schema has no version")
        }
        guard version == 1 else {
            throw PlanFormatError(
                .newerSchema, "this plan has version \(version), and this dt-ci reads up to version 1: update dt-ci")
        }
    }

    private static func decode<Payload: Decodable>(_ bytes: [UInt8]) throws(PlanFormatError) -> Payload {
        do {
            return try JSONDecoder().decode(Payload.self, from: Data(bytes))
        } catch let error as PlanFormatError {
            throw error
        } catch {
            throw PlanFormatError(.malformed, "this is no plan: \(JSONTrouble.description(of: error))")
        }
    }

    fileprivate static func duration(_ seconds: Double) throws(PlanFormatError) -> Duration {
        guard seconds.isFinite, seconds >= 0, seconds < 3.2e9 else {
            throw PlanFormatError(.malformed, "this is no plan: a duration is out of range")
        }
        return .microseconds(Int64((seconds * 1_000_000).rounded()))
    }
}

private struct PlanHead: Decodable {
    var schema: String?
}

private struct PlanPayload: Decodable {
    var id: String
    var nodes: [NodePayload]
    var makespan: Double
    var lowerBound: Double
    var unsatisfiable: [UnsatisfiablePayload]?
    var inputs: InputsPayload?
    var details: DetailsPayload?
}

private struct DetailsPayload: Decodable {
    var cuts: [String: [String]]?
    var tests: [String: [String]]?

    var details: PlanDocument.Details {
        PlanDocument.Details(
            cuts: Dictionary(
                (cuts ?? [:]).map { (UnitID($0), $1.map { UnitID($0) }) }, uniquingKeysWith: { first, _ in first }),
            tests: Dictionary((tests ?? [:]).map { (UnitID($0), $1) }, uniquingKeysWith: { first, _ in first }))
    }
}

private struct NodePayload: Decodable {
    let node: PlannedNode

    private enum Key: CodingKey {
        case index, hardware, slots, estimate, batches
    }

    init(from decoder: any Decoder) throws {
        let values = try decoder.container(keyedBy: Key.self)
        node = PlannedNode(
            index: try values.decode(Int.self, forKey: .index),
            hardware: HardwareClass(try values.decode(String.self, forKey: .hardware)),
            slots: try values.decode(Int.self, forKey: .slots),
            estimate: try PlanV1.duration(try values.decode(Double.self, forKey: .estimate)),
            batches: try values.decode([BatchPayload].self, forKey: .batches).map(\.batch))
        guard node.slots > 0 else { throw PlanFormatError(.malformed, "this is no plan: a node has no slots") }
    }
}

private struct BatchPayload: Decodable {
    let batch: PlannedBatch

    private enum Key: CodingKey {
        case id, suite, units, estimate, after, serial, requires, exclusive
    }

    init(from decoder: any Decoder) throws {
        let values = try decoder.container(keyedBy: Key.self)
        batch = PlannedBatch(
            id: BatchID(try values.decode(String.self, forKey: .id)),
            suite: SuiteName(try values.decode(String.self, forKey: .suite)),
            units: try values.decode([String].self, forKey: .units).map { UnitID($0) },
            estimate: try PlanV1.duration(try values.decode(Double.self, forKey: .estimate)),
            after: try values.decodeIfPresent([String].self, forKey: .after)?.map { BatchID($0) } ?? [],
            isSerial: try values.decodeIfPresent(Bool.self, forKey: .serial) ?? false,
            requirement: try values.decodeIfPresent(String.self, forKey: .requires),
            exclusive: try values.decodeIfPresent([ClaimPayload].self, forKey: .exclusive)?.map(\.claim) ?? [])
    }
}

private struct ClaimPayload: Decodable {
    var name: String
    var count: Int
    var of: Int

    var claim: SemaphoreClaim { SemaphoreClaim(name: name, count: count, capacity: of) }
}

private struct UnsatisfiablePayload: Decodable {
    var unit: String
    var requirement: String
    var reason: String
}

private struct InputsPayload: Decodable {
    var commit: String?
    var inventory: String?
    var history: String?
    var configuration: String?

    var inputs: Plan.Inputs {
        Plan.Inputs(commit: commit, inventory: inventory, history: history, configuration: configuration)
    }
}

/// What a JSON decoder complains about, in one clause.
enum JSONTrouble {
    static func description(of error: any Error) -> String {
        switch error {
        case DecodingError.keyNotFound(let key, _): "the key \"\(key.stringValue)\" is missing"
        case DecodingError.typeMismatch(_, let context), DecodingError.valueNotFound(_, let context):
            "\(path(context)) is of the wrong kind"
        default: "it cannot be read as JSON"
        }
    }

    private static func path(_ context: DecodingError.Context) -> String {
        let names = context.codingPath.map { key in key.intValue.map { "[\($0)]" } ?? key.stringValue }
        return names.isEmpty ? "the document" : SafeText.line("\"\(names.joined(separator: "."))\"", limit: 200)
    }
}
