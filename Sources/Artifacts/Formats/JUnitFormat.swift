import CICore

extension ReportFormat {
    /// JUnit XML in all its dialects.
    package static let junit = ReportFormat(
        "junit", title: "JUnit XML",
        .xml(XMLGrammar(roots: [.testsuites, .testsuite], dialect: { JUnitDialect(sink: $0) })))
}

/// The elements of JUnit XML, whoever wrote them: suites in suites, cases with results, reruns and outputs.
final class JUnitDialect: XMLDialect {
    private let sink: ReportSink
    private let limits: ReportLimits
    private var suites: [JUnitSuite] = []
    private var test: JUnitCase?
    private var target = Target.none

    /// Where text goes.
    private enum Target {
        case none
        /// The body of a result or attempt.
        case result
        case output
        /// The value of a property of this name.
        case property(String)
    }

    init(sink: ReportSink) {
        self.sink = sink
        limits = sink.limits
    }

    func start(_ element: XMLElement) {
        switch element.name {
        case .testcase:
            endCase()
            startCase(element)
        case .testsuite, .testsuites:
            suites.withLast { $0.hasSuites = true }
            suites.append(JUnitSuite(element, in: suites.last, limits: limits, keepsNames: sink.keepsTests))
        case .failure, .error, .skipped:
            startResult(element)
        case .flakyFailure, .flakyError, .rerunFailure, .rerunError:
            guard test != nil else { return }
            test?.startAttempt(element)
            target = .result
        case .systemOut, .systemErr:
            target = test == nil ? .none : .output
            test?.texts?.startOutput()
        case .property:
            startProperty(element)
        default:
            break
        }
    }

    func end(_ name: XMLName, depth: Int) {
        switch name {
        case .testcase:
            endCase()
        case .testsuite, .testsuites:
            endSuite()
        case .failure, .error, .skipped, .flakyFailure, .flakyError, .rerunFailure, .rerunError:
            if test == nil { suites.withLast { $0.endResult() } } else { test?.texts?.endResult() }
            target = .none
        case .systemOut, .systemErr, .property:
            target = test?.texts?.isInResult == true ? .result : .none
        default:
            break
        }
    }

    func text(_ bytes: UnsafeBufferPointer<UInt8>) {
        switch target {
        case .none: break
        case .result where test == nil: suites.withLast { $0.append(bytes, limits) }
        case .result: test?.texts?.append(details: bytes)
        case .output: test?.texts?.append(output: bytes)
        case .property(let name): test?.texts?.append(property: name, bytes)
        }
    }

    func finish(isComplete: Bool) {
        guard !isComplete else { return }
        if test != nil {
            test?.breakOff()
            endCase()
        }
        // A suite that breaks off may have had tests: what its attributes say is not counted, what failed in it is.
        while let suite = suites.popLast() { report(errorOf: suite) }
    }

    private func startCase(_ element: XMLElement) {
        let path: UInt64
        if let last = suites.indices.last {
            suites[last].hasTests = true
            path = suites[last].pathHash
        } else {
            path = IdentityHash.root
        }
        let names = sink.keepsTests ? { [suites] in suites.map(\.name).filter { !$0.isEmpty } } : nil
        test = JUnitCase(element, path: path, limits: limits, suites: names)
        target = .none
    }

    private func startResult(_ element: XMLElement) {
        target = .result
        guard test == nil else {
            test?.startResult(element)
            return
        }
        guard element.name != .skipped else { return }
        suites.withLast { $0.startResult(element, limits) }
    }

    private func startProperty(_ element: XMLElement) {
        guard test != nil, sink.keepsTests, let name = element.text(.name, limits) else { return }
        if let value = element.value(.value) {
            test?.texts?.append(property: name, value)
        } else {
            target = .property(name)
        }
    }

    private func endCase() {
        guard let finished = test else { return }
        test = nil
        target = .none
        if finished.outcome.isFailure { suites.withLast { $0.hasFailures = true } }
        finished.hand(to: sink)
    }

    private func endSuite() {
        guard let suite = suites.popLast() else { return }
        report(errorOf: suite)
        if suite.hasFailures { suites.withLast { $0.hasFailures = true } }
        guard !suite.hasTests, !suite.hasSuites, suite.problem == nil, let declared = suite.declared else { return }
        sink.declare(declared)
        sink.warn("suite \"\(suite.title)\" holds no tests: the \(declared.tests) that it declares are counted unseen")
    }

    /// An error of the suite itself is one errored test, but for one that only repeats what failed in its tests (prove
    /// says `Dubious` of every file with a failure).
    private func report(errorOf suite: JUnitSuite) {
        guard let problem = suite.problem else { return }
        guard !suite.hasFailures else {
            return sink.warn("suite \"\(suite.title)\" reports an error beside its tests: \(problem.firstLine)")
        }
        let path = (suites + [suite]).map(\.name).filter { !$0.isEmpty }
        sink.take(
            ReportedTest(
                suitePath: path, name: suite.title, attempts: [Attempt(outcome: .errored, reason: problem)]))
    }
}

extension Array {
    /// Changes the last element, if there is one.
    fileprivate mutating func withLast(_ body: (inout Element) -> Void) {
        guard let last = indices.last else { return }
        body(&self[last])
    }
}

extension Attempt.Reason {
    /// The message, or the first line of the details, for a sentence.
    fileprivate var firstLine: String { SafeText.line(message ?? details ?? type ?? "no message", limit: 160) }
}
