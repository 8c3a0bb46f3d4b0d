import CICore
import Testing

@testable import Reporting

@Suite struct BadgePressTests {
    /// What a line is drawn as, and as what the document alone.
    private func draw(_ line: String, _ overlay: BadgePress.Overlay = .init()) throws -> (svg: String, file: String?) {
        var press = BadgePress(overlay) { svg, width throws(BadgeEndpointError) in
            BadgeLogo(svg: Array(svg.utf8), width: width ?? 14)
        }
        var writer = BadgeWriter(capacity: 1)
        let print = try Array(line.utf8).withUnsafeBufferPointer { try press.draw($0, to: &writer) }
        return (writer.withBytes { String(decoding: $0, as: UTF8.self) }, print.file)
    }

    private func alone(_ line: String) throws -> String {
        let endpoint = try BadgeEndpoint(reading: Array(line.utf8))
        let badge = Badge(
            label: BadgeText(endpoint.label), message: BadgeText(endpoint.message), style: endpoint.style ?? .flat,
            paint: Badge.Paint(
                message: endpoint.shownColor.flatMap(BadgeColor.init) ?? .lightGrey,
                label: endpoint.labelColor.flatMap(BadgeColor.init)))
        return String(decoding: badge.svg(), as: UTF8.self)
    }

    @Test(arguments: [
        #"{"schemaVersion":1,"label":"tests","message":"12 passed, 1 failed","color":"red"}"#,
        #" { "message" : "x" , "label" : "" , "schemaVersion" : 1 , "style" : "for-the-badge" } "#,
        #"{"schemaVersion":1,"label":"a","message":"b","style":"social","labelColor":"abc","color":"ff69b4"}"#,
        #"{"schemaVersion":1,"label":"<&>'","message":"a::b ::c [x] ##vso[y]","style":"plastic"}"#,
        #"{"schemaVersion":1,"label":"tab\there","message":"\u00e9 ✓ 漢","isError":true}"#,
        #"{"schemaVersion":1,"label":"first","label":"last","message":"b","style":"flat-square"}"#,
        #"{"schemaVersion":1.0,"label":"a","message":"b","cacheSeconds":300}"#,
    ])
    func `a line is drawn as its document alone`(line: String) throws {
        #expect(try draw(line).svg == alone(line))
    }

    @Test(arguments: [
        "", "[]", "{", #"{"schemaVersion":1,"label":"a","message":"b"} x"#, #"{"label":"a","message":"b"}"#,
        #"{"schemaVersion":1,"label":"a","message":""}"#, #"{"schemaVersion":1,"label":"a","message":"b","color":"x"}"#,
        #"{"schemaVersion":1,"label":"a","message":"b","style":"round"}"#,
        #"{"schemaVersion":1,"label":"a","message":"b","other":"c"}"#,
        #"{"schemaVersion":12,"label":"a","message":"b"}"#, #"{"schemaVersion":1,"label":"a","message":"b","file":1}"#,
        #"{"schemaVersion":1,"label":"a","message":"b""#, #"{"schemaVersion":1,"label":"a","message":"b",}"#,
    ])
    func `what is refused alone is refused in a line`(line: String) {
        #expect(throws: BadgeEndpointError.self) { try draw(line) }
    }

    @Test func `a line may name its file, in plain letters or not`() throws {
        #expect(try draw(#"{"schemaVersion":1,"label":"a","message":"b","file":"a.svg"}"#).file == "a.svg")
        #expect(try draw(#"{"schemaVersion":1,"label":"é","message":"b","file":"a.svg"}"#).file == "a.svg")
        #expect(try draw(#"{"schemaVersion":1,"label":"a","message":"b"}"#).file == nil)
    }

    @Test func `what is laid over every line wins`() throws {
        let look = BadgeLook(color: "blue", style: .flatSquare)
        for label in ["a", "é"] {
            let line = #"{"schemaVersion":1,"label":"\#(label)","message":"b","color":"red","style":"plastic"}"#
            let svg = try draw(line, .init(look: look, message: "mine")).svg
            #expect(svg.contains("fill=\"#007ec6\""))
            #expect(svg.contains("<title>\(label): mine</title>"))
            #expect(svg.contains("crispEdges"))
        }
    }

    @Test func `more colours than are remembered are right all the same`() throws {
        var press = BadgePress { _, _ in BadgeLogo(svg: []) }
        for number in 0..<100 {
            let hex = String(0x100000 + number, radix: 16)
            let line = #"{"schemaVersion":1,"label":"a","message":"b","color":"\#(hex)"}"#
            var writer = BadgeWriter()
            _ = try Array(line.utf8).withUnsafeBufferPointer { try press.draw($0, to: &writer) }
            #expect(writer.withBytes { String(decoding: $0, as: UTF8.self) }.contains("#\(hex)"))
        }
    }

    @Test func `a message of ten thousand bytes is cut in a line too`() throws {
        let long = String(repeating: "m", count: 10_000)
        let svg = try draw(#"{"schemaVersion":1,"label":"a","message":"\#(long)"}"#).svg
        #expect(svg.utf8.count < 3000)
        #expect(svg.contains("m…</text>"))
    }
}
