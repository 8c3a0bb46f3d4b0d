package import CICore

/// One request with its answer, as it may be shown: tokens masked, bodies bounded.
package struct RecordedExchange: Sendable, Hashable {
    /// 1-based, in the order of the answers.
    package var number: Int
    package var api: String
    package var request: Sent
    package var answer: SimulatedAnswer
    /// What was done to it on purpose; `nil` for an honest exchange.
    package var fault: Fault.Kind?

    /// The request's part.
    package struct Sent: Sendable, Hashable {
        package var method: HTTPRequest.Method
        /// Below the API's id, escapes in it.
        package var path: String
        package var template: String?
        package var query: NamedValues
        package var headers: NamedValues
        /// The beginning, at most `SimulationLimits.record` bytes.
        package var body: [UInt8]
        /// Of the whole body.
        package var bodyCount: Int64
    }
}

/// How much the simulation keeps.
package enum SimulationLimits {
    /// Bytes of a request's body that handlers see; the rest is read, counted and dropped.
    package static let body = 16 << 20
    /// Bytes of a body that a recorded exchange keeps.
    package static let record = 256 << 10
    /// Exchanges that are kept in memory.
    package static let exchanges = 2000
}

extension RecordedExchange {
    /// As a file: one JSON document with the bodies as JSON where they are, otherwise as text.
    package var document: JSONValue {
        [
            "schema": "dt-ci/exchange/v1", "number": .int(number), "api": .string(api),
            "fault": .text(fault?.rawValue),
            "request": [
                "method": .string(request.method.rawValue), "path": .string(request.path),
                "template": .text(request.template), "query": request.query.document,
                "headers": request.headers.document, "body": Self.body(request.body),
                "bytes": .int(Int(request.bodyCount)),
            ],
            "answer": [
                "status": .int(answer.status), "headers": answer.headers.document, "body": Self.body(answer.body),
            ],
        ]
    }

    private static func body(_ bytes: [UInt8]) -> JSONValue {
        if bytes.isEmpty { return .null }
        return bytes.withUnsafeBufferPointer { JSONValue($0) } ?? .string(String(decoding: bytes, as: UTF8.self))
    }
}

extension NamedValues {
    fileprivate var document: JSONValue {
        .array(pairs.map { ["name": .string($0.name), "value": .string($0.value)] })
    }
}
