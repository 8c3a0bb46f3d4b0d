import Artifacts
import CICore
import FoundationEssentials
import SystemPackage

/// What the plugin wrote while pytest ran or collected; a half line at the end of a killed process is left out.
struct PytestJournal {
    /// Tests that a collection found, in its order.
    private(set) var items: [PytestItem] = []
    /// Selectors that the session was going to run; `nil` if it did not come so far.
    private(set) var collected: [String]?
    private(set) var finished: [ReportedTest] = []
    /// Selectors of tests that began and did not finish; before the first one, the file that was being imported.
    var running: [String] { started.isEmpty ? [importing].compactMap(\.self) : started }
    private var started: [String] = []
    private var importing: String?
    /// Whether the session came to its end, so that the report holds everything.
    private(set) var isComplete = false

    private static let limit = 256 << 20

    /// Files that skipped themselves as a whole while they were collected: each is a result without tests.
    var skippedFiles: [PytestItem] {
        finished.filter { $0.outcome == .skipped }
            .compactMap { $0.properties[PytestPlugin.selectorProperty].flatMap(PytestSelector.decode(property:)) }
            .map { PytestItem(selector: $0, marks: [], moduleFixtures: [], classFixtures: []) }
    }

    /// Reads the journal in a directory; an empty one if there is none.
    init(in directory: FilePath, using files: any FileSystem) {
        // Without a journal nothing is known: pytest may have died before it loaded the plugin.
        let bytes = (try? files.contents(of: directory.appending(PytestPlugin.journal), limit: Self.limit)) ?? []
        self.init(bytes)
    }

    init(_ bytes: [UInt8]) {
        let decoder = JSONDecoder()
        for line in bytes.split(separator: UInt8(ascii: "\n")) {
            // A line that is no event is the torn end of a killed process.
            guard let event = try? decoder.decode(Event.self, from: Data(line)) else { continue }
            take(event)
        }
    }

    private mutating func take(_ event: Event) {
        switch (event.event, event.id) {
        case ("item", let id?):
            items.append(
                PytestItem(
                    selector: id, outermostClass: event.class, group: event.group, marks: event.marks ?? [],
                    moduleFixtures: event.module ?? [], classFixtures: event.shared ?? [],
                    order: .init(after: event.after ?? [], isNumbered: event.numbered ?? false)))
        case ("collecting", let id?): importing = id
        case ("collected", _):
            collected = event.ids
            importing = nil
        case ("started", let id?): if !started.contains(id) { started.append(id) }
        case ("finished", let id?):
            started.removeAll { $0 == id }
            finished.append(event.test(id))
        case ("ended", _):
            isComplete = true
            importing = nil
        default: break
        }
    }

    private struct Event: Decodable {
        var event: String
        var id: String?
        var ids: [String]?
        var outcome: String?
        var seconds: Double?
        var type: String?
        var message: String?
        var details: String?
        var `class`: String?
        var group: String?
        var marks: [String]?
        var module: [String]?
        var shared: [String]?
        var after: [String]?
        var numbered: Bool?

        func test(_ id: String) -> ReportedTest {
            let outcome = outcome.flatMap(Outcome.init(rawValue:)) ?? .errored
            let reason = outcome == .passed ? nil : Attempt.Reason(type: type, message: message, details: details)
            let names = PytestSelector(id).reportedNames
            var test = ReportedTest(
                className: names.className, name: names.name,
                attempts: [Attempt(outcome: outcome, duration: .seconds(seconds ?? 0), reason: reason)])
            var writer = JSONWriter()
            writer.value(id)
            test.properties[PytestPlugin.selectorProperty] = String(decoding: writer.bytes, as: UTF8.self)
            return test
        }
    }
}

/// A test as a collection found it, with what decides beside which others it must stay.
struct PytestItem: Sendable, Hashable {
    var selector: String
    /// The selector of the class around it, the outermost one.
    var outermostClass: String?
    /// The name of its `xdist_group`.
    var group: String?
    var marks: [String]
    /// Fixtures that it shares with other tests of its file.
    var moduleFixtures: [String]
    /// Fixtures that it shares with other tests of its class.
    var classFixtures: [String]
    var order = Order()

    /// What markers say of the order.
    struct Order: Sendable, Hashable {
        /// Selectors of tests that come before it.
        var after: [String] = []
        /// Whether it has a number among the tests of its file.
        var isNumbered = false
    }
}
