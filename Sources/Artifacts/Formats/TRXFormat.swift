import CICore

extension ReportFormat {
    /// Visual Studio's test results: `dotnet test --logger trx`, MSTest.
    package static let trx = ReportFormat(
        "trx", title: "TRX", .xml(XMLGrammar(roots: [.TestRun], dialect: { TRXDialect(sink: $0) })))
}

/// `UnitTestResult`s, and after them the definitions that say which class each test is of.
///
/// So the results wait for the definitions: of all formats only this one takes memory for each test.
final class TRXDialect: XMLDialect {
    private let sink: ReportSink
    /// Results of which the class is not known yet, with their test ids.
    private var waiting: [(id: String, test: OpenTest)] = []
    private var classes: [String: String] = [:]
    /// Results within results: those of a data-driven test.
    private var open: [(id: String, test: OpenTest, hasInner: Bool)] = []
    private var definition = ""
    private var runError: OpenTest?
    private var texts: XMLTexts

    init(sink: ReportSink) {
        self.sink = sink
        texts = XMLTexts(limits: sink.limits)
    }

    func start(_ element: XMLElement) {
        switch element.name {
        case .UnitTestResult:
            if let last = open.indices.last { open[last].hasInner = true }
            open.append((element.name(.testId, sink.limits), result(element), false))
        case .UnitTest:
            definition = element.name(.id, sink.limits)
        case .TestMethod:
            // Up to Visual Studio 2017 the name is followed by the assembly's.
            let name = element.name(.className, sink.limits)
            classes[definition] = String(name[..<(name.firstIndex(of: ",") ?? name.endIndex)])
        case .RunInfo where element.value(.outcome)?.equals("Error") == true:
            runError = OpenTest(
                test: ReportedTest(name: "test run", attempts: []), outcome: .errored, duration: .zero)
        case .ResultFile:
            guard let last = open.indices.last, open[last].test.test.attachments.count < sink.limits.items else {
                return
            }
            open[last].test.test.attachments.append(element.name(.path, sink.limits))
        case .StdOut, .StdErr, .Message, .StackTrace, .Text:
            texts.start()
        default:
            break
        }
    }

    func end(_ name: XMLName, depth: Int) {
        switch name {
        case .UnitTestResult: endResult()
        case .StdOut, .StdErr: change { $0.append(output: texts.take()) }
        case .Message: change { $0.reason.message = texts.take() }
        case .StackTrace: change { $0.reason.details = texts.take() }
        case .Text: runError?.reason.message = texts.take()
        case .RunInfo:
            if let runError { sink.take(runError.finished(limits: sink.limits)) }
            runError = nil
        default: break
        }
    }

    func text(_ bytes: UnsafeBufferPointer<UInt8>) { texts.append(bytes) }

    func finish(isComplete: Bool) {
        while let last = open.indices.last {
            open[last].test.breakOff()
            endResult()
        }
        for (id, test) in waiting { hand(test, className: classes[id] ?? "") }
    }

    private func change(_ body: (inout OpenTest) -> Void) {
        if let last = open.indices.last { body(&open[last].test) } else { _ = texts.take() }
    }

    /// A result that holds the results of its data rows is not a test itself.
    private func endResult() {
        guard let (id, test, hasInner) = open.popLast(), !hasInner else { return }
        waiting.append((id, test))
    }

    /// The class is a part of the name too, as a rule.
    private func hand(_ test: OpenTest, className: String) {
        var finished = test.finished(limits: sink.limits)
        finished.className = className
        if !className.isEmpty, finished.name.hasPrefix(className + ".") {
            finished.name = String(finished.name.dropFirst(className.count + 1))
        }
        sink.take(finished)
    }

    private func result(_ element: XMLElement) -> OpenTest {
        let outcome: Outcome =
            switch element.value(.outcome)?.text ?? "Passed" {
            case "Passed", "PassedButRunAborted", "Completed", "Warning": .passed
            case "NotExecuted", "Inconclusive", "NotRunnable", "Disconnected", "Pending": .skipped
            case "Failed": .failed
            default: .errored
            }
        return OpenTest(
            test: ReportedTest(name: element.name(.testName, sink.limits), attempts: []), outcome: outcome,
            duration: .nanoseconds(element.value(.duration).map { ReportedSeconds.nanoseconds(span: $0) } ?? 0))
    }
}
