import CICore
import HTTPTypes
import Hummingbird
import NIOCore

#if canImport(Glibc)
    import Glibc
#elseif canImport(Darwin)
    import Darwin
#endif

/// A request's connection beside what every request has.
struct SimulationContext: RequestContext {
    var coreContext: CoreRequestContextStorage
    let channel: any Channel

    init(source: ApplicationRequestContextSource) {
        coreContext = .init(source: source)
        channel = source.channel
    }
}

/// Turns Hummingbird's requests into the simulation's and its answers into Hummingbird's.
struct SimulationResponder: HTTPResponder {
    let simulation: Simulation
    let recorder: Recorder
    let plan: FaultPlan

    func respond(to request: Request, context: SimulationContext) async throws -> Response {
        let body = try await Self.read(request.body)
        guard let method = CICore.HTTPRequest.Method(rawValue: request.method.rawValue),
            let (api, simulated) = resolve(request, method, body, port: context.channel.localAddress?.port ?? 0)
        else { return Self.response(Refusal.notFound.answer, isHead: false) }
        let line = "\(method.rawValue) /\(api.id)\(simulated.target.path)"
        let treatment = Treatment(
            of: simulated, by: api, due: plan.next(for: line, isWriting: !simulated.isReading))
        let shown = api.routed(simulated)?.1 ?? simulated
        recorder.record(api: api.id, shown, treatment.answer, fault: treatment.fault)
        if treatment.delay > 0 { try await Task.sleep(for: .seconds(treatment.delay)) }
        if treatment.isReset { try await Self.reset(context.channel) }
        return Self.response(treatment.answer, isHead: method == .head)
    }

    private func resolve(
        _ request: Request, _ method: CICore.HTTPRequest.Method, _ body: SimulatedRequest.Body, port: Int
    ) -> (SimulatedAPI, SimulatedRequest)? {
        let path = request.uri.path.drop { $0 == "/" }
        let id = path.prefix { $0 != "/" }
        guard let api = simulation.apis.first(where: { $0.id == id }) else { return nil }
        let headers = request.headers.map { NamedValues.Pair($0.name.rawName, $0.value) }
        let host = request.head.authority ?? "127.0.0.1:\(port)"
        return (
            api,
            SimulatedRequest(
                method,
                target: .init(
                    path: "/" + path.dropFirst(id.count).drop { $0 == "/" },
                    query: NamedValues(urlEncoded: request.uri.query ?? "")),
                headers: NamedValues([.init("Host", host)] + headers), body: body,
                moment: .init(base: "http://127.0.0.1:\(port)/\(api.id)", seconds: simulation.clock()))
        )
    }

    /// Reads all and keeps the beginning.
    private static func read(_ body: RequestBody) async throws -> SimulatedRequest.Body {
        var kept: [UInt8] = []
        var count: Int64 = 0
        for try await buffer in body {
            count += Int64(buffer.readableBytes)
            let room = SimulationLimits.body - kept.count
            if room > 0 { kept.append(contentsOf: buffer.readableBytesView.prefix(room)) }
        }
        return SimulatedRequest.Body(bytes: kept, count: count)
    }

    private static func response(_ answer: SimulatedAnswer, isHead: Bool) -> Response {
        var headers = HTTPFields()
        for pair in answer.headers.pairs {
            // A name that is none would be the handler's own mistake; the answer goes without it.
            guard let name = HTTPField.Name(pair.name) else { continue }
            headers.append(HTTPField(name: name, value: pair.value))
        }
        let status = HTTPResponse.Status(code: answer.status == 0 ? 500 : answer.status)
        guard !isHead, answer.status != 204, answer.status != 304 else {
            return Response(status: status, headers: headers, body: .init())
        }
        return Response(status: status, headers: headers, body: .init(byteBuffer: ByteBuffer(bytes: answer.body)))
    }

    /// Ends the connection with a reset instead of a farewell.
    private static func reset(_ channel: any Channel) async throws {
        if let options = channel as? any SocketOptionProvider {
            try await options.setSoLinger(linger(l_onoff: 1, l_linger: 0)).get()
        }
        try await channel.close().get()
    }
}
