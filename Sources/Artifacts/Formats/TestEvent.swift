import CICore

/// One line of what dt-ci's own reporters write inside other test tools: JSON lines, one event each, written while the
/// tests run, so that a killed tool has told what was finished and what was running.
///
/// `begin` is written when the reporter is loaded, `start` and `finish` around each test, `end` after a file.
package struct TestEvent: Sendable, Hashable {
    /// What happened.
    package enum Kind: String, Sendable, Hashable {
        case begin
        case start
        case finish
        case end
    }

    package var kind: Kind
    /// The runner's selector of the test, or of the smallest selectable thing around it; empty for `begin`.
    package var id: String
    /// Set for `finish` alone.
    package var test: ReportedTest?

    /// The property of a reported test that holds its event's `id`.
    package static let selectorProperty = "dtci.selector"

    /// The events of a file in order; lines that are cut off or that something else wrote are left out.
    package static func events(in bytes: [UInt8]) -> [TestEvent] {
        bytes.withUnsafeBufferPointer { all in
            all.split(separator: UInt8(ascii: "\n")).compactMap { line in
                TestEvent(UnsafeBufferPointer(rebasing: line), limits: ReportLimits())
            }
        }
    }

    /// Reads one line; `nil` if it is no event.
    init?(_ line: UnsafeBufferPointer<UInt8>, limits: ReportLimits) {
        guard let json = JSONValue(line), let kind = json["event"]?.string.flatMap(Kind.init) else { return nil }
        self.kind = kind
        id = limits.bounded(name: json["id"]?.string) ?? ""
        guard kind == .finish else { return }
        guard let test = Self.test(json, id: id, limits: limits) else { return nil }
        self.test = test
    }

    private static func test(_ json: JSONValue, id: String, limits: ReportLimits) -> ReportedTest? {
        guard let outcome = json["outcome"]?.string.flatMap(Outcome.init) else { return nil }
        let file = limits.bounded(name: json["file"]?.string)
        var test = ReportedTest(
            suitePath: (json["suite"]?.array ?? []).compactMap { limits.bounded(name: $0.string) },
            className: limits.bounded(name: json["class"]?.string) ?? "",
            name: limits.bounded(name: json["name"]?.string) ?? "",
            location: file.map { SourceLocation(file: $0, line: json["line"]?.int) },
            attempts: [attempt(json, outcome: outcome, limits: limits)])
        test.properties[selectorProperty] = id
        return test
    }

    private static func attempt(_ json: JSONValue, outcome: Outcome, limits: ReportLimits) -> Attempt {
        let seconds = ReportedSeconds.nanoseconds(of: json["seconds"]?.double ?? 0, isWhole: false)
        var attempt = Attempt(outcome: outcome, duration: .nanoseconds(seconds))
        attempt.output = limits.bounded(text: json["output"]?.string)
        let type = limits.bounded(name: json["type"]?.string)
        let message = limits.bounded(text: json["message"]?.string)
        let details = limits.bounded(text: json["details"]?.string)
        if outcome != .passed, type != nil || message != nil || details != nil {
            attempt.reason = Attempt.Reason(type: type, message: message, details: details ?? message)
        }
        return attempt
    }
}

extension ReportLimits {
    /// A name as it is kept.
    fileprivate func bounded(name: String?) -> String? {
        guard var text = name else { return nil }
        return text.withUTF8 { self.name($0) }
    }

    /// Without blank edges; `nil` for nothing.
    fileprivate func bounded(text: String?) -> String? {
        guard var text else { return nil }
        return text.withUTF8 { bytes in
            let inner = bytes.trimmed
            return inner.isEmpty ? nil : self.text(inner)
        }
    }
}
