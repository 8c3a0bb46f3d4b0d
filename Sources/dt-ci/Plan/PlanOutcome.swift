import CICore
import CIProviders
import Orchestrator
import SystemPackage

/// Says and saves what `dt-ci plan` came to.
struct PlanOutcome {
    /// What the user wants to see and have.
    struct Wish {
        var isJSON: Bool
        var isQuiet: Bool
        var explains: Bool
        /// The file of `--save`.
        var save: String?
        var form: NodeOutput?
        var place: String?
        var include: String?
        /// When the run should be over.
        var deadline: Duration?
    }

    let wish: Wish
    let fleet: NodeFleet
    let settings: FanOutSettings
    let surroundings: Surroundings

    /// Prints a plan and leaves it where it is wanted; `assumptions` are sentences about the configuration.
    func deliver(_ basis: PreparedRun, decision: FanOutDecision?, assumptions: [String]) throws {
        let clock = ContinuousClock()
        let began = clock.now
        let run = basis.planned()
        let planning = clock.now - began
        let beyond = UnsatisfiablePlan(of: run.plan)
        let desk = wish.form.map { JobsDesk(form: $0, place: wish.place, surroundings: surroundings) }
        // Jobs of a plan that leaves tests out are not started.
        if let beyond, desk != nil { throw beyond }
        try desk?.check(fleet.nodes(run.plan.nodes.count))
        let bytes = document(of: run, planning)
        if let file = saved {
            let path = surroundings.workingDirectory.pushing(FilePath(file))
            try surroundings.files.createDirectory(path.removingLastComponent())
            try surroundings.files.write(bytes, to: path)
        }
        if wish.isJSON { try FileDescriptor.standardOutput.sayAll(bytes) }
        var layout = ResultsLayout.standard
        if let saved { layout.plan = CommandLineText.shellQuoted(saved) }
        try desk?.deliver(NodeJobs(of: run.plan, on: fleet, layout: layout, include: wish.include))
        say(run, decision, assumptions, planning)
        guard let beyond else { return }
        if wish.isJSON || wish.isQuiet { throw beyond }
        FileDescriptor.standardError.say("error: \(beyond.headline)\n")
        throw Finish(.usage)
    }

    /// Jobs take the plan from a file, so there is one.
    private var saved: String? { wish.save ?? (wish.form == nil ? nil : ResultsLayout.standard.plan) }

    private func document(of run: PlannedRun, _ planning: Duration) -> [UInt8] {
        guard wish.isJSON || saved != nil else { return [] }
        let document = PlanDocument(run)
        var writer = JSONWriter(capacity: 64 << 10)
        PlanV1.write(run.plan, details: document.details, planning: planning, to: &writer)
        writer.endLine()
        return writer.drain()
    }

    private func say(
        _ run: PlannedRun, _ decision: FanOutDecision?, _ assumptions: [String], _ planning: Duration
    ) {
        guard !wish.isQuiet else { return }
        let outlook = wish.deadline.map { [DeadlineForecast(of: run.plan, deadline: $0).sentence] } ?? []
        let notes = (assumptions + run.notes + PlanSession.remarks(on: run.basis) + outlook).map {
            "note: \(SafeText.line($0))"
        }
        let isDocument = wish.isJSON || wish.form != nil
        var lines = notes
        if !isDocument {
            lines += PlanTable(of: run.plan).lines()
            if !wish.explains, let decision { lines += decision.lines(currency: settings.currency).prefix(1) }
        }
        if wish.explains {
            lines += isDocument ? [] : [""]
            lines += decision?.lines(currency: settings.currency) ?? forecast(of: run.plan)
            lines += PlanExplanation(of: run).lines() + ["planning took \(DurationText.short(planning))"]
        }
        let stream: FileDescriptor = isDocument ? .standardError : .standardOutput
        stream.say(lines.map { $0 + "\n" }.joined())
    }

    private func forecast(of plan: Plan) -> [String] {
        guard plan.nodes.count > 1 else { return [] }
        return ["with the start of the nodes:", fleet.forecast(of: plan).line(currency: settings.currency)]
    }
}

extension FileDescriptor {
    /// Writes a document; a reader that stops early, as `head` does, is no error.
    func sayAll(_ bytes: [UInt8]) throws {
        do {
            _ = try writeAll(bytes)
        } catch Errno.brokenPipe {
            return
        }
    }
}
