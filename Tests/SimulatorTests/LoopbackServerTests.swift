import Hummingbird
import Testing

@testable import Simulator

struct LoopbackServerTests {
    @Test func `a server has a port while its body runs`() async throws {
        let port = try await LoopbackServer.serving(Router().buildResponder()) { $0 }
        #expect(port > 0)
    }
}
