import Artifacts
import CICore
import CIProviders
import Orchestrator
import Reporting
import SystemPackage
import TestHistory

import struct FoundationEssentials.Date

/// One `dt-ci run`: wires the live parts together, runs, and leaves the results where they belong.
struct RunSession {
    /// What the user wants to see.
    struct Display {
        var output: OutputPolicy
        var isQuiet: Bool
        var isVerbose: Bool
        /// The file of `--events`.
        var events: String?
        /// The command that runs the same configuration again, for advice.
        var again: [String]
    }

    private let configuration: Configuration
    /// What is run of it; `nil` = everything.
    private let choice: TestChoice?
    /// The share that is run; `nil` = all of it.
    private let node: NodeAssignment?
    private let surroundings: Surroundings
    private let display: Display
    private let machine: DetectedHardware
    private let voice: RunVoice

    init(
        configuration: Configuration, choice: TestChoice?, node: NodeAssignment? = nil, machine: DetectedHardware,
        surroundings: Surroundings, display: Display
    ) {
        self.machine = machine
        self.configuration = node?.adjusted(configuration) ?? configuration
        self.choice = choice
        self.node = node
        self.surroundings = surroundings
        self.display = display
        voice = RunVoice(display: display, report: configuration.reporting.report, surroundings: surroundings)
    }

    private var slots: Int { configuration.run.strategy.slots(of: configuration.run.slots ?? machine.processors) }

    private var place: ResultsPlace {
        ResultsPlace(configured: configuration.storage.results, surroundings: surroundings)
    }

    private var badgeSet: BadgeSet {
        BadgeSet(
            settings: configuration.reporting.badges, root: configuration.root, files: surroundings.files)
    }

    // MARK: Dry run

    /// Prints the plan and the processes it would start.
    func show() async throws -> ExitCode {
        let directory = place.temporary("dry-run")
        defer {
            // Scratch space of listings: nothing is lost.
            try? surroundings.files.remove(directory.root)
        }
        try directory.create()
        voice.assume(configuration.assumptions)
        let (planned, share) = try await plan(in: directory, history: openHistory(create: false))
        voice.note(planned.notes)
        if let share { voice.share(share) }
        let text = try DryRun(planned: planned, place: configuration.storage.results).text()
        FileDescriptor.standardOutput.say(text)
        return .passed
    }

    // MARK: The run

    /// Runs to the verdict, or until a signal ends it.
    func run() async throws -> ExitCode {
        let trap = SignalTrap()
        let interruption = Interruption()
        return try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask {
                for await number in trap.signals { interruption.raise(number) }
            }
            defer { group.cancelAll() }
            let publication = await RunPublication.begin(
                configuration, in: surroundings, start: Int(Date().timeIntervalSince1970),
                scope: node == nil || configuration.reporting.publish.when == .always ? .run : .node)
            do {
                return try await run(interruption, publication)
            } catch {
                await publication?.abandon("ended before any test: \(Failure(error).message)", state: .errored)
                throw error
            }
        }
    }

    private func run(_ interruption: Interruption, _ publication: RunPublication?) async throws -> ExitCode {
        let started = (date: Date(), instant: ContinuousClock.now)
        let quarantine = try loadQuarantine()
        let directory = try place.make(telling: voice)
        defer { directory.conclude() }
        let bundle = try node.map { try NodeBundle($0, in: directory.root, files: surroundings.files) }
        voice.assume(configuration.assumptions)
        for warning in machine.warnings { voice.warn(warning) }
        // What one node learns would change the plans of the others; the merge records the whole run.
        let history = openHistory(create: node == nil)
        let planned: PlannedRun
        let share: NodeShare?
        switch try await planUnlessInterrupted(interruption, in: directory, history: history) {
        case .planned(let run, let part): (planned, share) = (run, part)
        case .interrupted(let number):
            await publication?.abandon("cancelled while listing tests", state: .cancelled)
            return .signal(number)
        }
        voice.note(planned.notes)
        if let deadline = configuration.run.limits.deadline {
            let forecast = DeadlineForecast(of: planned.plan, deadline: deadline)
            forecast.isFeasible ? voice.note([forecast.sentence]) : voice.warn(forecast.sentence)
        }
        if choice != nil { voice.narrow(to: planned) }
        if let share { voice.share(share) }
        let eventsPath = display.events.map { surroundings.workingDirectory.pushing(FilePath($0)) }
        let events = try (eventsPath ?? bundle?.events).map { try EventsFile($0) }
        let progress = RunProgress(voice.progressStyle, events: events)
        let timeline = TimelineRecorder()
        let stamp = EventStamp(
            observers: [RunReporter(progress), timeline, publication?.observer].compactMap(\.self), now: { Date() })
        stamp.emit(.runStarted(directory.run, units: planned.unitCount, slots: slots, estimate: planned.work))
        let state = await execute(
            initialState(planned, absent: share?.absent ?? [], quarantine), directory, stamp, progress, interruption,
            suites: planned.suites)
        var settings = configuration.run
        // Whether the run as a whole is empty is for the merge to say, unless nobody has any test.
        if let share, share.isIdle || share.plannedUnits > 0 || share.resumes != nil { settings.empty = .ok }
        var results = VerdictRules(
            state: state,
            circumstances: .init(
                settings: settings, expired: quarantine.expired(on: CalendarDay(started.date)),
                unmatched: planned.basis.unmatched, duration: ContinuousClock.now - started.instant)
        ).results()
        results.timeline = timeline.spans
        let past = RunPast(
            configuration: configuration, surroundings: surroundings, publication: publication,
            memory: node == nil ? await RunMemory(configuration, in: surroundings, publication?.context) : nil)
        let source = await past.source()
        // A node has a part of the tests: what is new and what is fixed shows when they are merged.
        if node == nil { await past.compare(&results, with: history, source, isWhole: choice == nil) }
        past.describe(&results, from: history)
        results.nodes = [
            NodeRecord(
                index: 0, hardware: machine.hardwareClass, machine: machine.profile.summary,
                lost: results.completeness?.lost.count ?? 0)
        ]
        let code = results.verdict?.exitCode ?? .infrastructure
        stamp.emit(.runFinished(directory.run, exitCode: code.rawValue))
        progress.finish()
        let keeper = RunKeeper(
            directory: directory, history: history, machine: machine.profile, isWhole: choice == nil,
            report: configuration.reporting.report)
        let kept = await RunCollection(
            configuration: configuration, surroundings: surroundings, node: node?.position
        ).keep(hasPassed: code == .passed, uploads: code.rawValue <= 128)
        results.artifacts += kept.artifacts
        var trouble = kept.trouble
        if let bundle, let share {
            trouble += RunKeeper.keepFiles(results, in: directory, at: nil, configuration.reporting.report)
            let expired = quarantine.expiry(on: CalendarDay(started.date))
            trouble += bundle.write(
                results, of: share,
                NodeBundle.Record(
                    state: state, started: started.date, machine: machine.profile, isWhole: choice == nil,
                    settings: configuration.run, expired: expired, events: eventsPath,
                    replay: ReplayRecord(
                        run: directory.run, slots: slots, suites: planned.suites, served: state.remarks.served,
                        timeline: results.timeline)))
            if let destination = node?.destination {
                trouble += await BundleJourney(configuration: configuration, surroundings: surroundings)
                    .send(bundle.root, of: share.position, resuming: share.resumes, to: destination)
            }
        } else {
            trouble += keeper.keep(results, of: state, started: started.date, source: source)
            if choice == nil { trouble += await past.remember(results, in: directory) }
        }
        let badges = node == nil && choice == nil && state.stop == nil ? badgeSet.write(results) : .init()
        trouble += badges.trouble
        voice.conclude(results, state: state, trouble: trouble, output: display.output)
        let isWhole = choice == nil && state.stop == nil && results.completeness?.lost.isEmpty == true
        let isPublished = await publish(
            results, isWhole: isWhole, badges: badges.badges, in: directory.root, to: publication)
        let isStrict = configuration.reporting.publish.delivery.isStrict
        return isPublished && !(isStrict && kept.isIncomplete) ? code : code == .passed ? .infrastructure : code
    }

    /// Whether everything was posted that had to be.
    private func publish(
        _ results: RunResults, isWhole: Bool, badges: [LocalReport], in directory: FilePath,
        to publication: RunPublication?
    ) async -> Bool {
        guard let publication else { return true }
        let delivery = configuration.reporting.publish.delivery
        // Whoever ended the run does not wait long for its end.
        let isInterrupted = results.verdict.map { $0.exitCode.rawValue > 128 } ?? false
        let files = [LocalReport](in: directory, files: surroundings.files)
        let lines = await publication.conclude(
            results, files: files, isWhole: isWhole, within: isInterrupted ? .seconds(4) : delivery.budget)
        // A badge that is not where it should be is no reason to fail a run, however strict.
        let shown = lines + (await publication.put(badges, of: configuration, within: delivery.budget))
        if !display.isQuiet || shown.contains(where: \.isRefused) {
            FileDescriptor.standardError.say(
                publication.text(of: shown, at: Int(Date().timeIntervalSince1970)))
        }
        return !delivery.isStrict || !lines.contains(where: \.isRefused)
    }

    private enum Planning {
        case planned(PlannedRun, NodeShare?)
        case interrupted(Int32)
    }

    /// Listing can take long: a signal ends it, and its processes.
    private func planUnlessInterrupted(
        _ interruption: Interruption, in directory: RunDirectory, history: (any HistoryStore)?
    ) async throws -> Planning {
        let (signals, signal) = AsyncStream<Int32>.makeStream()
        interruption.attach { number, _ in signal.yield(number) }
        return try await withThrowingTaskGroup(of: Planning?.self) { group in
            group.addTask {
                let (run, share) = try await plan(in: directory, history: history)
                return .planned(run, share)
            }
            group.addTask {
                for await number in signals { return .interrupted(number) }
                return nil
            }
            defer { group.cancelAll() }
            while let result = try await group.next() {
                if let result { return result }
            }
            throw CancellationError()
        }
    }

    private func execute(
        _ initial: RunState, _ directory: RunDirectory, _ stamp: EventStamp, _ progress: RunProgress,
        _ interruption: Interruption, suites: [PreparedSuite]
    ) async -> RunState {
        let processes = LocalBatchProcesses(slots: slots, run: directory.run)
        let executor = BatchExecutor(
            suites: suites.map { SuiteWork($0) }, silence: configuration.run.limits.silence,
            world: .init(
                processes: processes, tools: tools(directory),
                environment: ChildEnvironment(
                    inherited: surroundings.environment, run: directory.run, slots: slots),
                directory: directory.batches, followsOutput: display.output == .all,
                attachments: .init(results: directory.root, project: configuration.root)))
        let engine = RunEngine(executor: executor, events: stamp, slots: slots)
        let (stops, stop) = AsyncStream<RunState.Stop>.makeStream()
        interruption.attach { number, isRepeated in
            if isRepeated { processes.killAll() } else { stop.yield(.signal(number)) }
        }
        let limit = configuration.run.limits.run
        let state = await withTaskGroup(of: Void.self) { group in
            group.addTask { await progress.keepMoving() }
            if let limit {
                group.addTask {
                    // Cancelled when the run ends in time.
                    guard (try? await Task.sleep(for: limit)) != nil else { return }
                    stop.yield(.timeLimit(limit))
                }
            }
            defer { group.cancelAll() }
            return await engine.run(initial, stops: stops)
        }
        for straggler in await processes.endStragglers() {
            stamp.emit(.error("ended \(straggler.name) (process \(straggler.processID)), which outlived its batch"))
        }
        return state
    }
}

// MARK: Parts

extension RunSession {
    private func plan(
        in directory: RunDirectory, history: (any HistoryStore)?
    ) async throws -> (PlannedRun, NodeShare?) {
        let seed = node?.seed
        let order = PlanningTarget.Order(configuration.run.serving.order) {
            seed ?? .random(in: 0...UInt64(UInt32.max))
        }
        let pass = PlanningPass(
            configuration: configuration, tools: tools(directory), history: history, choice: choice,
            runners: TestRunners.runner)
        let shape = machine.shape(slots: slots)
        guard let node else {
            let target = PlanningTarget(
                nodes: [shape], order: order, listings: slots, wantsRisks: configuration.run.strategy.wantsRisks)
            let run = try await pass.plan(on: target)
            if let beyond = UnsatisfiablePlan(of: run.plan) { throw beyond }
            return (run, nil)
        }
        let commit = await WorkingCopy(root: configuration.root, environment: surroundings.environment).commit()
        let target = PlanningTarget(
            nodes: node.shapes(like: shape), order: order, commit: commit, listings: slots,
            wantsRisks: configuration.run.strategy.wantsRisks)
        let share =
            if let earlier = node.earlier {
                try await pass.share(at: node.position, resuming: earlier, on: target)
            } else {
                try await pass.share(at: node.position, of: node.plan, on: target)
            }
        try node.check(share.whole.plan)
        if let beyond = UnsatisfiablePlan(of: share.whole.plan) { throw beyond }
        return (share.run, share)
    }

    private func tools(_ directory: RunDirectory) -> RunnerTools {
        RunnerTools(
            processes: LocalProcesses(), files: surroundings.files,
            environment: ChildEnvironment(inherited: surroundings.environment, run: directory.run, slots: slots)
                .inherited,
            scratch: directory.scratch, cache: directory.cache)
    }

    private func initialState(_ planned: PlannedRun, absent: [UnitID], _ quarantine: Quarantine) -> RunState {
        let units = planned.unitsByID()
        let batches = planned.plan.nodes.flatMap(\.batches).map { batch in
            QueuedBatch(
                id: batch.id, suite: batch.suite, units: batch.units.compactMap { units[$0] },
                estimate: batch.estimate, after: batch.after)
        }
        let today = CalendarDay(Date())
        let active = Quarantine(entries: quarantine.entries.filter { $0.expires >= today })
        let waiting = batches.filter { !$0.units.isEmpty }
        return RunState(
            planned: waiting, absent: absent,
            suites: Dictionary(
                planned.suites.map { ($0.suite.name, SuiteWork($0).rules) }, uniquingKeysWith: { first, _ in first }),
            settings: configuration.run, quarantine: active,
            ranking: BatchRanking(
                configuration.run.strategy, batches: waiting, risks: planned.basis.risks, slots: slots,
                deadline: configuration.run.limits.deadline),
            dependencies: planned.request.dependencies)
    }

    private func loadQuarantine() throws -> Quarantine {
        try Quarantine(file: configuration.storage.quarantine, files: surroundings.files)
    }

    /// No history is no reason to stop: the plan then rests on defaults.
    private func openHistory(create: Bool) -> (any HistoryStore)? {
        do throws(HistoryError) {
            let url = try HistoryURL(configuration.storage.history, root: configuration.root)
            return create ? try url.open() : try url.openExisting()
        } catch {
            if create { voice.warn("history: \(error)") }
            return nil
        }
    }
}
