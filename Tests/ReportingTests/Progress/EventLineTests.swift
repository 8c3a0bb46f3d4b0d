import CICore
import FoundationEssentials
import SystemPackage
import Testing

@testable import Reporting

@Suite
struct EventLineTests {
    private static let head = #"{"schema":"dt-ci/events/v1","sequence":7,"at":"2026-01-01T00:00:00.250Z","event":"#

    @Test(arguments: [
        (
            RunEvent.Kind.runStarted("r", units: 3, slots: 2, estimate: .seconds(1.5)),
            #""run.started","run":"r","units":3,"slots":2,"estimate":1.5}"#
        ),
        (.runStarted("r", units: 3, slots: 2), #""run.started","run":"r","units":3,"slots":2,"estimate":null}"#),
        (.nodeJoined(name: "n", slots: 2), #""node.joined","node":"n","slots":2}"#),
        (.nodeLost(name: "n", reason: "gone"), #""node.lost","node":"n","reason":"gone"}"#),
        (.batchLeased("b", slot: 1), #""batch.leased","batch":"b","slot":1}"#),
        (
            .batchStarted("b", suite: "s", units: ["s::u", "s::v"], slot: 0, estimate: .milliseconds(250)),
            #""batch.started","batch":"b","suite":"s","slot":0,"units":["s::u","s::v"],"estimate":0.25}"#
        ),
        (
            .testFinished(
                "s::t", Attempt(outcome: .failed, duration: .seconds(2), reason: .init(message: "no\n\"")), slot: 0),
            #""test.finished","test":"s::t","slot":0,"outcome":"failed","seconds":2,"message":"no\n\""}"#
        ),
        (
            .batchFinished("b", slot: 0, duration: .seconds(3), problem: nil),
            #""batch.finished","batch":"b","slot":0,"seconds":3,"problem":null}"#
        ),
        (.error("bad"), #""error","message":"bad"}"#),
        (.runFinished("r", exitCode: 130), #""run.finished","run":"r","exitCode":130}"#),
    ])
    func `each event is one line`(kind: RunEvent.Kind, expected: String) {
        let line = String(decoding: EventLine.bytes(Events.event(kind, sequence: 7)), as: UTF8.self)
        #expect(line == Self.head + expected + "\n")
    }

    @Test
    func `a message of megabytes is bounded and hostile bytes stay inside their string`() {
        let message = String(repeating: "ü", count: 1 << 20) + "\n"
        let long = EventLine.bytes(Events.test("t", .failed, message: message))
        #expect(long.count < 1300)
        let hostile = EventLine.bytes(Events.event(.error("a\nb\u{0}\u{1b}\"},{\"")))
        #expect(hostile.count { $0 == UInt8(ascii: "\n") } == 1)
        #expect(String(decoding: hostile, as: UTF8.self).contains(#"a\nb\u0000\u001b\"},{\""#))
    }

    @Test
    func `lines are in the file as soon as they are written`() throws {
        let path = FilePath("/tmp/dt-ci-events-\(UInt64.random(in: 0 ... .max)).jsonl")
        defer { try? LocalFileSystem().remove(path) }
        let file = try EventsFile(path)
        #expect(file.write(Events.event(.error("one"))) == nil)
        #expect(try LocalFileSystem().text(of: path).split(separator: "\n").count == 1)
        #expect(file.write(Events.event(.error("two"))) == nil)
        #expect(try LocalFileSystem().text(of: path).split(separator: "\n").count == 2)
    }

    @Test
    func `a full disk is one warning and an unwritable path an error`() throws {
        let file = try EventsFile("/dev/full")
        #expect(
            file.write(Events.event(.error("x")))?.description
                == "cannot write events to /dev/full: No space left on device")
        #expect(file.write(Events.event(.error("x"))) == nil)
        let error = #expect(throws: FileError.self) { try EventsFile("/no/such/directory/events") }
        #expect(error?.description == "cannot write events to /no/such/directory/events: No such file or directory")
    }
}
