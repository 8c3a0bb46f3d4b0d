import Artifacts
import CICore

/// What both of Go's runners make of a report and of an end.
struct GoReading {
    static func address(of test: ReportedTest, in batch: BatchScope) -> TestAddress? {
        let package = test.className.isEmpty ? test.suitePath.last ?? "" : test.className
        guard !package.isEmpty else { return nil }
        let full = GoSelector(package: package, test: test.name)
        let isTest = full.root.map(GoSelector.isTest) ?? false
        let selector = GoSelector(package: package, test: isTest ? full.root : nil).text
        guard batch.units.contains(where: { $0.container == package }) else { return nil }
        return TestAddress(selector: selector, container: package, identifier: full.text)
    }

    /// Go's exit code 1 says "failed", 2 as a rule "did not build"; which one it was stands in its words.
    static func reading(of exit: ProcessExit, in ending: BatchEnding) -> ExitReading {
        guard case .exited(let code) = exit, exit.deathSignal == nil else {
            return .crashed("go test was ended by \(exit)")
        }
        let words = words(of: ending.outputTail)
        if words.contains("[build failed]") || words.contains("[setup failed]")
            || ending.outputTail.contains("\"Action\":\"build-fail\"")
        {
            return .buildFailed(RunnerWords.tail(of: words))
        }
        if code == 0 { return ending.reported == 0 ? .nothingCollected : .completed }
        if let package = deadPackage(in: ending.outputTail) {
            return .crashed("the tests of \(package) ended in the middle")
        }
        if ending.failures > 0 { return .completed }
        if code == 2 { return .misused(RunnerWords.tail(of: words)) }
        return .crashed("go test ended with \(exit), but no test failed")
    }

    /// What is no event.
    private static func words(of output: String) -> String {
        output.split(separator: "\n").filter { !$0.hasPrefix("{") }.joined(separator: "\n")
    }

    /// A package whose tests ended without their own last line `FAIL`: a panic, `os.Exit`, a signal.
    ///
    /// The test binary writes `FAIL`, go adds `FAIL<tab>package<tab>time`; a dead binary leaves the second alone.
    private static func deadPackage(in output: String) -> String? {
        var ended: [String: Int] = [:]
        for line in output.split(separator: "\n") {
            let event = line.hasPrefix("{") ? GoEvent(Array(line.utf8)[...]) : nil
            let package = event?.package ?? ""
            let text = (event == nil ? line : event?.output?.split(separator: "\n").first) ?? ""
            if text == "FAIL" { ended[package, default: 0] += 1 }
            guard text.hasPrefix("FAIL\t"), !text.hasSuffix("failed]") else { continue }
            ended[package, default: 0] -= 1
            if ended[package, default: 0] < 0 { return text.split(separator: "\t").dropFirst().first.map(String.init) }
        }
        return nil
    }
}
