import CICore
import Synchronization

/// Keeps what was exchanged, without tokens.
final class Recorder: Sendable {
    private struct State {
        var exchanges: [RecordedExchange] = []
        var count = 0
    }

    private let state = Mutex(State())
    private let secrets: [String]
    private let sink: @Sendable (RecordedExchange) -> Void

    /// `sink` gets every exchange, one at a time, in their order.
    init(secrets: [String], sink: @escaping @Sendable (RecordedExchange) -> Void) {
        self.secrets = secrets.filter { $0.count >= 4 }
        self.sink = sink
    }

    /// The first exchanges, at most `SimulationLimits.exchanges`.
    var exchanges: [RecordedExchange] { state.withLock { $0.exchanges } }

    func record(api: String, _ request: SimulatedRequest, _ answer: SimulatedAnswer, fault: Fault.Kind?) {
        let sent = RecordedExchange.Sent(
            method: request.method, path: masked(request.target.path), template: request.target.template,
            query: masked(request.query), headers: masked(request.headers),
            body: masked(Array(request.body.bytes.prefix(SimulationLimits.record))), bodyCount: request.body.count)
        var shown = answer
        shown.headers = masked(answer.headers)
        shown.body = masked(Array(answer.body.prefix(SimulationLimits.record)))
        state.withLock { state in
            state.count += 1
            let exchange = RecordedExchange(number: state.count, api: api, request: sent, answer: shown, fault: fault)
            if state.exchanges.count < SimulationLimits.exchanges { state.exchanges.append(exchange) }
            sink(exchange)
        }
    }

    private static let secretHeaders: Set<String> = [
        "authorization", "private-token", "job-token", "circle-token", "cookie", "set-cookie", "proxy-authorization",
        "jenkins-crumb",
    ]

    private func masked(_ values: NamedValues) -> NamedValues {
        NamedValues(
            values.pairs.map { pair in
                guard Self.secretHeaders.contains(pair.name.lowercased()) else {
                    return NamedValues.Pair(pair.name, masked(pair.value))
                }
                let scheme = pair.value.split(separator: " ", maxSplits: 1)
                return NamedValues.Pair(pair.name, scheme.count == 2 ? "\(scheme[0]) •••" : "•••")
            })
    }

    private func masked(_ text: String) -> String {
        secrets.reduce(text) { text, secret in
            text.split(separator: secret, omittingEmptySubsequences: false).joined(separator: "•••")
        }
    }

    /// Bodies that are no text are left as they are: what they hold cannot be told from chance.
    private func masked(_ bytes: [UInt8]) -> [UInt8] {
        guard let text = String(validating: bytes, as: UTF8.self) else { return bytes }
        return Array(masked(text).utf8)
    }
}
