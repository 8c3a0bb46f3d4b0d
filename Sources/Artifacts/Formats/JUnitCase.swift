import CICore

/// One open `<testcase>`: outcome and identity always, texts only where they are wanted.
///
/// Small, since it is made and thrown away millions of times where only counts are wanted.
struct JUnitCase {
    private var results = Results()
    private let identity: UInt64
    private let nanoseconds: Int64
    private let status: JUnitStatus
    /// What the test is called and what it said; `nil` where only counts are wanted.
    let texts: JUnitTexts?

    /// What the elements in it amount to, before `status` is looked at.
    private struct Results {
        /// Of the case's own results.
        var worst = Outcome.passed
        /// Of its reruns, which failed all of them.
        var worstRerun = Outcome.passed
        var worstFlaky = Outcome.passed
        var hasResult = false
        var flaky = 0
        var reruns = 0
        var isBroken = false
    }

    /// `path` hashes the suites around it, whose names are `suites`.
    init(_ element: XMLElement, path: UInt64, limits: ReportLimits, suites: (() -> [String])?) {
        let fields = Fields(element)
        identity = fields.identity(path: path)
        nanoseconds = fields.nanoseconds
        status = fields.status
        texts = suites.map { JUnitTexts(fields.test(path: $0(), limits), limits) }
    }

    mutating func startResult(_ element: XMLElement) {
        let outcome: Outcome =
            switch element.name {
            case .error: .errored
            case .failure: .failed
            default: .skipped
            }
        results.worst = max(results.worst, outcome)
        results.hasResult = true
        texts?.open(element, outcome, isAttempt: false)
    }

    mutating func startAttempt(_ element: XMLElement) {
        let isFlaky = element.name == .flakyFailure || element.name == .flakyError
        let isError = element.name == .flakyError || element.name == .rerunError
        let outcome: Outcome = isError ? .errored : .failed
        if isFlaky {
            results.flaky += 1
            results.worstFlaky = max(results.worstFlaky, outcome)
        } else {
            results.reruns += 1
            results.worstRerun = max(results.worstRerun, outcome)
        }
        texts?.open(element, outcome, isAttempt: true)
    }

    /// The report ends within this case: whatever it was going to be, it is errored.
    mutating func breakOff() { results.isBroken = true }

    /// Gives the finished case to the sink.
    func hand(to sink: ReportSink) {
        guard let texts else { return sink.count(counted(sink.limits), nanoseconds: nanoseconds) }
        let broken = Attempt.Reason(message: "the report breaks off within this test")
        sink.take(
            texts.finished(
                outcome: outcome, duration: .nanoseconds(nanoseconds), instead: results.isBroken ? broken : nil))
    }

    /// The case's own outcome, reruns aside.
    var outcome: Outcome {
        if results.isBroken { return .errored }
        if status == .notRun { return .skipped }
        if results.hasResult { return results.worst }
        if results.reruns > 0 { return results.worstRerun }
        return switch status {
        case .failed: .failed
        case .errored: .errored
        default: .passed
        }
    }

    /// What the attempts come to, by the rule of `TestRecord`.
    private func counted(_ limits: ReportLimits) -> CountedTest {
        let others = results.flaky + results.reruns
        let own = outcome
        let outcome = own == .passed ? own : max(own, results.worstRerun, results.worstFlaky)
        return CountedTest(
            identity: identity, outcome: outcome, hasFailed: others > 0, attempts: 1 + min(others, limits.items))
    }
}

/// What `status` or `result` says of a case.
enum JUnitStatus {
    case none
    case notRun
    case failed
    case errored

    init(_ value: UnsafeBufferPointer<UInt8>) {
        switch value.count < 32 ? value.text.lowercased() : "" {
        case "notrun", "not run", "not_run", "not-run", "disabled", "suppressed", "skipped", "skip", "ignored",
            "pending":
            self = .notRun
        case "fail", "failed", "failure": self = .failed
        case "error", "errored": self = .errored
        default: self = .none
        }
    }
}

/// The attributes of a `<testcase>`, still as bytes of the parser.
private struct Fields {
    private var name = UnsafeBufferPointer<UInt8>(start: nil, count: 0)
    private var className = UnsafeBufferPointer<UInt8>(start: nil, count: 0)
    private var file = UnsafeBufferPointer<UInt8>(start: nil, count: 0)
    private var line: UnsafeBufferPointer<UInt8>?
    private(set) var nanoseconds: Int64 = 0
    private(set) var status = JUnitStatus.none

    @inline(__always)
    init(_ element: XMLElement) {
        element.forEachAttribute { attribute, value in
            switch attribute {
            case .name: name = value
            case .classname, .class: className = value
            case .file, .filepath: file = value
            case .line, .lineno: line = value
            case .time, .duration: nanoseconds = ReportedSeconds.nanoseconds(value)
            case .status, .result:
                let status = JUnitStatus(value)
                if self.status != .notRun, status != .none { self.status = status }
            default: break
            }
        }
    }

    /// The same hash as `IdentityHash.of` makes of the test.
    func identity(path: UInt64) -> UInt64 {
        var hash = IdentityHash()
        hash.combine(path)
        hash.combine(file.part(0..<pathEnd))
        hash.combine(className)
        hash.combine(name)
        return hash.value
    }

    func test(path: [String], _ limits: ReportLimits) -> ReportedTest {
        let location = file.isEmpty ? nil : location(limits)
        return ReportedTest(
            suitePath: path, className: limits.name(className), name: limits.name(name), location: location,
            attempts: [])
    }

    /// The line is an attribute of its own or, with ExUnit, the end of the file's.
    private func location(_ limits: ReportLimits) -> SourceLocation {
        let end = pathEnd
        let digits = line?.trimmed ?? file.part(min(end + 1, file.count)..<file.count)
        return SourceLocation(file: limits.name(file.part(0..<end)), line: Int(digits.text))
    }

    /// Where in `file` a `:12` starts, else its end.
    private var pathEnd: Int {
        guard line == nil, let last = file.last, last >= 0x30, last <= 0x39 else { return file.count }
        var index = file.count - 1
        while index > 0, file[index] >= 0x30, file[index] <= 0x39 { index -= 1 }
        return index > 0 && file[index] == UInt8(ascii: ":") ? index : file.count
    }
}

/// Paths of attachments in a test's output and properties.
enum JUnitAttachments {
    private static let opening = "[[ATTACHMENT|"

    /// Those of `[[ATTACHMENT|path]]` in the order of the output, then those of properties called `attachment…`.
    static func paths(in output: String?, _ properties: [String: String], limit: Int) -> [String] {
        var paths: [String] = []
        var rest = (output ?? "")[...]
        while paths.count < limit, let start = rest.firstRange(of: opening) {
            rest = rest[start.upperBound...]
            guard let end = rest.firstRange(of: "]]"), rest[..<end.lowerBound].utf8.count < 4096 else { continue }
            let path = rest[..<end.lowerBound]
            if !path.contains("\n"), !path.isEmpty { paths.append(String(path)) }
            rest = rest[end.upperBound...]
        }
        let named = properties.filter { $0.key.hasPrefix("attachment") && !$0.value.isEmpty }
        return paths + named.sorted { $0.key < $1.key }.map(\.value)
    }
}
