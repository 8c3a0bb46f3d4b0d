import CICore
import CurlHTTP
import Synchronization
import Testing

@testable import Simulator

/// A simulation over real HTTP on loopback.
struct SimulationTests {
    /// An API that counts the posts it did and keeps the last one.
    private static func counter(_ state: SimulatedState<Int>) -> SimulatedAPI {
        SimulatedAPI(
            id: "counter",
            routes: [
                Route(.get, "/count") { _ in .json(200, ["count": .int(state { $0 })]) },
                Route(.post, "/things/{name}") { request in
                    state { $0 += 1 }
                    return .json(201, ["name": .string(request["name"]), "bytes": .int(Int(request.body.count))])
                },
            ],
            authorize: { $0.headers[header: "authorization"] == "Bearer secret-token" ? nil : .message(401, "Who?") },
            exhibit: { Exhibit(notes: [ShownNote(kind: "Count", text: "\(state { $0 })")]) })
    }

    private let state = SimulatedState(0)

    private func exchange(
        _ faults: [Fault] = [], token: String = "secret-token",
        _ body: @escaping @Sendable (_ send: @escaping Send, RunningSimulation) async throws -> Void
    ) async throws {
        let simulation = Simulation([Self.counter(state)], faults: faults, secrets: ["secret-token"])
        try await simulation.serving { running in
            let http = CurlHTTP(environment: [:])
            try await body(
                { method, path, bytes in
                    try await http.send(
                        HTTPRequest(
                            method, running.base(of: "counter") + path,
                            headers: [HTTPHeader("Authorization", prefix: "Bearer ", secret: Secret(token))],
                            body: HTTPBody(bytes), timeout: .seconds(20)))
                }, running)
        }
    }

    private typealias Send = @Sendable (HTTPRequest.Method, String, [UInt8]) async throws -> HTTPResponse

    @Test func `state lives from request to request and is shown`() async throws {
        try await exchange { send, running in
            let made = try await send(.post, "/things/a%2Fb", Array("{}".utf8))
            #expect(made.status == 201)
            #expect(String(decoding: made.body, as: UTF8.self) == #"{"bytes":2,"name":"a/b"}"#)
            let count = try await send(.get, "/count", [])
            #expect(String(decoding: count.body, as: UTF8.self) == #"{"count":1}"#)
            #expect(running.exhibit.notes.map(\.text) == ["1"])
        }
    }

    @Test func `paths, methods and tokens that fit nothing are refused`() async throws {
        try await exchange { send, _ in
            let answer1 = try await send(.get, "/nothing", [])
            #expect(answer1.status == 404)
            let answer2 = try await send(.get, "/../other/count", [])
            #expect(answer2.status == 404)
            let answer3 = try await send(.delete, "/count", [])
            #expect(answer3.status == 405)
            let answer4 = try await send(.head, "/count", [])
            #expect(answer4.status == 200)
        }
        try await exchange(token: "wrong") { send, _ in
            let answer = try await send(.get, "/count", [])
            #expect(answer.status == 401)
        }
    }

    @Test func `a record has everything but the token`() async throws {
        try await exchange { send, running in
            _ = try await send(.post, "/things/x?note=secret-token", Array(#"{"a":"secret-token"}"#.utf8))
            let exchange = try #require(running.exchanges.first)
            let text = String(decoding: exchange.document.encoded, as: UTF8.self)
            #expect(!text.contains("secret-token"))
            #expect(text.contains("Bearer •••"))
            #expect(exchange.request.template == "/things/{name}")
            #expect(exchange.document["request"]?["body"]?["a"] == "•••")
            #expect(exchange.answer.status == 201)
        }
    }

    @Test func `a body beyond the limit is counted and its beginning kept`() async throws {
        let size = SimulationLimits.body + 5_000_000
        try await exchange { send, running in
            let answer = try await send(.post, "/things/big", [UInt8](repeating: 7, count: size))
            #expect(String(decoding: answer.body, as: UTF8.self) == #"{"bytes":\#(size),"name":"big"}"#)
            #expect(running.exchanges[0].request.bodyCount == Int64(size))
            #expect(running.exchanges[0].request.body.count == SimulationLimits.record)
        }
    }

    @Test(arguments: [
        (Fault.Kind.rateLimit, 429, 0), (.secondaryLimit, 429, 0), (.forkToken, 403, 0), (.tooLarge, 413, 0),
        (.serverError, 502, 0), (.html, 200, 0), (.slow, 201, 1),
    ]) func `a fault hits its call and no other`(kind: Fault.Kind, status: Int, done: Int) async throws {
        try await exchange([Fault(kind, count: 1, pattern: "POST*")]) { send, running in
            let answer5 = try await send(.get, "/count", [])
            #expect(answer5.status == 200)
            let answer6 = try await send(.post, "/things/a", [])
            #expect(answer6.status == status)
            #expect(state { $0 } == done)
            let answer7 = try await send(.post, "/things/a", [])
            #expect(answer7.status == 201)
            #expect(running.exchanges.map(\.fault) == [nil, kind, nil])
        }
    }

    @Test func `half of an answer looks like a whole one`() async throws {
        try await exchange([Fault(.truncated, count: 1)]) { send, _ in
            let answer = try await send(.get, "/count", [])
            #expect(answer.status == 200)
            #expect(answer.body.count == 5)
            #expect(answer.body.withUnsafeBufferPointer { JSONValue($0) } == nil)
        }
    }

    @Test func `a reset comes once before the work and once after it`() async throws {
        try await exchange([Fault(.reset, count: 2)]) { send, _ in
            await #expect(throws: HTTPError.self) { try await send(.post, "/things/a", Array("x".utf8)) }
            #expect(state { $0 } == 0)
            await #expect(throws: HTTPError.self) { try await send(.post, "/things/a", Array("x".utf8)) }
            #expect(state { $0 } == 1)
            let answer8 = try await send(.post, "/things/a", Array("x".utf8))
            #expect(answer8.status == 201)
        }
    }

    @Test func `requests at once neither mix nor get lost`() async throws {
        try await exchange { send, running in
            try await withThrowingTaskGroup(of: Void.self) { group in
                for index in 0..<64 { group.addTask { _ = try await send(.post, "/things/\(index)", []) } }
                try await group.waitForAll()
            }
            #expect(state { $0 } == 64)
            #expect(running.exchanges.map(\.number) == Array(1...64))
            #expect(Set(running.exchanges.map(\.request.path)).count == 64)
        }
    }
}
