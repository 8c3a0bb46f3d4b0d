import CICore
import Testing

@testable import Orchestrator

struct TimingsFileTests {
    @Test func `a map of seconds becomes units in the order of their names, none of them zero`() throws {
        let units = try TimingsFile.units(from: Array(#"{"b": 1.5, "a": 0, "c[é]": 1e-7}"#.utf8), suite: "t")
        #expect(units.map(\.id) == ["t::a", "t::b", "t::c[é]"])
        #expect(units.map(\.estimate.duration) == [.microseconds(1), .milliseconds(1500), .microseconds(1)])
    }

    @Test(arguments: ["", "[]", "{\"a\": \"1\"}", "{\"a\": -1}", "{\"a\": 1e300}", "{\"a\": null}", "\u{0}"])
    func `anything else is refused`(text: String) {
        #expect(throws: PlanFormatError.self) { try TimingsFile.units(from: Array(text.utf8), suite: "t") }
    }
}
