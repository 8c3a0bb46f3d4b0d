import CICore
import Orchestrator
import Reporting
import SystemPackage

/// What a run says to people: remarks on standard error, the summary on standard output.
struct RunVoice {
    private let display: RunSession.Display
    private let report: ReportSettings
    private let surroundings: Surroundings

    init(display: RunSession.Display, report: ReportSettings, surroundings: Surroundings) {
        self.report = report
        self.display = display
        self.surroundings = surroundings
    }

    /// How progress is shown here.
    var progressStyle: ProgressStyle {
        .choose(isTerminal: RunProgress.isTerminal(), isQuiet: display.isQuiet, environment: surroundings.environment)
    }

    /// What zero configuration assumed: always said, since nobody wrote it down.
    func assume(_ assumptions: [String]) {
        guard !display.isQuiet, !assumptions.isEmpty else { return }
        say(assumptions.map { "assumed: \(SafeText.line($0))\n" }.joined())
        if !display.isVerbose { say("         dt-ci init writes this as dt-ci.yml\n") }
    }

    /// What planning noticed, for those who asked.
    func note(_ notes: [String]) {
        guard display.isVerbose else { return }
        say(notes.map { "note: \(SafeText.line($0))\n" }.joined())
    }

    /// That only a part of the tests runs, and how much that is.
    func narrow(to planned: PlannedRun) {
        guard !display.isQuiet else { return }
        let names = planned.suites.map { SafeText.line($0.suite.name.rawValue) }
        say("chosen: \(counted(planned.unitCount, "unit")) of \(names.count == 1 ? "suite" : "suites") ")
        say(names.joined(separator: ", ") + "\n")
    }

    /// Which part of the run this node has, and what is odd about its plan.
    func share(_ share: NodeShare) {
        for remark in share.remarks { warn(remark) }
        guard !display.isQuiet else { return }
        let all = counted(share.plannedUnits + share.beyond.count, "unit")
        if share.resumes != nil, share.run.unitCount == share.plannedUnits, share.run.unitCount == 0 {
            return say("\(share.position.title) has nothing to run: every test has a result\n")
        }
        let rest = share.resumes == nil ? "" : " without a result"
        say(
            share.isIdle
                ? "\(share.position.title) has nothing to run: \(all)\(rest) are on other nodes\n"
                : "\(share.position.title) runs \(share.run.unitCount) of \(all)\(rest), plan \(share.whole.plan.id.prefix(12))\n"
        )
    }

    /// What went wrong and changes no verdict.
    func warn(_ text: String) { say("warning: \(SafeText.line(text))\n") }

    /// The batches that ended badly, then the summary.
    func conclude(_ results: RunResults, state: RunState, trouble: [String], output: OutputPolicy) {
        if output == .failures { showProblems(state.remarks.problems) }
        for text in trouble { warn(text) }
        let hasPassed = results.verdict?.exitCode == .passed
        guard !display.isQuiet || !hasPassed else { return }
        let advice =
            hasPassed ? [] : RerunAdvice(display.again, failed: results.failuresToRunAgain).lines(with: results)
        FileDescriptor.standardOutput.say(
            ConsoleReport(results, settings: report, isColored: surroundings.isOutputColored, advice: advice).text)
    }

    private func showProblems(_ problems: [RunRemarks.Problem]) {
        for problem in problems.prefix(10) {
            let first = problem.text.split(separator: "\n").first.map(String.init) ?? problem.text
            say("batch \(problem.batch) of \(problem.suite): \(SafeText.line(first, limit: 160))\n")
            if let log = problem.log { say("    its whole output: \(log)\n") }
        }
        if problems.count > 10 { say("… and \(problems.count - 10) batches more\n") }
    }

    private func say(_ text: String) { FileDescriptor.standardError.say(text) }
}
