import CICore

extension ReportFormat {
    /// The result file of NUnit 3 and 4.
    package static let nunit3 = ReportFormat(
        "nunit3", title: "NUnit 3",
        .xml(XMLGrammar(roots: [.testRun], dialect: { NUnitDialect(sink: $0) })))

    /// The result file of NUnit 2.
    package static let nunit2 = ReportFormat(
        "nunit2", title: "NUnit 2",
        .xml(XMLGrammar(roots: [.testResults], dialect: { NUnitDialect(sink: $0) })))
}

/// Both generations of NUnit's XML: `test-suite`s in each other, `test-case`s in them.
final class NUnitDialect: SingleTestDialect {
    let sink: ReportSink
    var test: OpenTest?
    var texts: XMLTexts
    private var suites: [Suite] = []

    private struct Suite {
        var name: String
        var isAssembly: Bool
        var hasTests = false
        var failure: Attempt.Reason?
    }

    init(sink: ReportSink) {
        self.sink = sink
        texts = XMLTexts(limits: sink.limits)
    }

    func start(_ element: XMLElement) {
        switch element.name {
        case .testSuite:
            let type = element.value(.type)
            let isAssembly = type?.equals("Assembly") == true || type?.equals("Test Project") == true
            suites.append(Suite(name: element.name(.name, sink.limits), isAssembly: isAssembly))
        case .testCase:
            for index in suites.indices { suites[index].hasTests = true }
            test = open(element)
        case .failure where test == nil:
            if let last = suites.indices.last { suites[last].failure = Attempt.Reason() }
        case .property:
            keepProperty(element)
        case .message, .stackTraceElement, .output, .filePath:
            texts.start()
        default:
            break
        }
    }

    func end(_ name: XMLName, depth: Int) {
        switch name {
        case .testCase:
            endTest()
        case .testSuite:
            endSuite()
        case .message:
            endMessage(texts.take())
        case .stackTraceElement:
            let text = texts.take()
            if test != nil { test?.reason.details = text } else { changeFailure { $0.details = text } }
        case .output:
            test?.append(output: texts.take())
        case .filePath:
            if let path = texts.take(), let count = test?.test.attachments.count, count < sink.limits.items {
                test?.test.attachments.append(path)
            }
        default:
            break
        }
    }

    /// The class is an attribute in NUnit 3 and a part of the name in NUnit 2.
    private func open(_ element: XMLElement) -> OpenTest {
        let limits = sink.limits
        var className = element.name(.classname, limits)
        var name = element.name(.name, limits)
        if className.isEmpty, let split = Self.lastDot(in: name) {
            className = String(name[..<split])
            name = String(name[name.index(after: split)...])
        }
        let path = suites.filter(\.isAssembly).map(\.name)
        return OpenTest(
            test: ReportedTest(suitePath: path, className: className, name: name, attempts: []),
            outcome: Self.outcome(element),
            duration: element.time(element.value(.duration) == nil ? .time : .duration))
    }

    private static func outcome(_ element: XMLElement) -> Outcome {
        if let executed = element.value(.executed), executed.text.lowercased() == "false" {
            return element.value(.result)?.equals("NotRunnable") == true ? .errored : .skipped
        }
        guard let result = element.value(.result) else {
            return element.value(.success)?.text.lowercased() == "false" ? .failed : .passed
        }
        let label = element.value(.label)?.text ?? ""
        return switch result.text {
        case "Passed", "Success", "Warning": .passed
        case "Skipped", "Ignored", "Inconclusive": .skipped
        case "Error", "NotRunnable", "Cancelled": .errored
        case _ where ["Error", "Invalid", "Cancelled"].contains(label): .errored
        default: .failed
        }
    }

    /// The last point before any argument list.
    private static func lastDot(in name: String) -> String.Index? {
        name[..<(name.firstIndex(of: "(") ?? name.endIndex)].lastIndex(of: ".")
    }

    private func endMessage(_ message: String?) {
        guard test == nil else {
            if test?.reason.message == nil { test?.reason.message = message }
            return
        }
        changeFailure { $0.message = message }
    }

    private func changeFailure(_ body: (inout Attempt.Reason) -> Void) {
        guard let last = suites.indices.last, var failure = suites[last].failure else { return }
        body(&failure)
        suites[last].failure = failure
    }

    /// A failure of a suite without tests, such as a set-up that throws, is one errored test.
    private func endSuite() {
        guard let suite = suites.popLast(), let failure = suite.failure, !suite.hasTests else { return }
        for index in suites.indices { suites[index].hasTests = true }
        let path = suites.filter(\.isAssembly).map(\.name)
        sink.take(
            ReportedTest(suitePath: path, name: suite.name, attempts: [Attempt(outcome: .errored, reason: failure)]))
    }
}
