import CICore
import Orchestrator
import SystemPackage
import TestHistory

/// Brings together what `dt-ci plan` plans: the configured suites, or a file of timings.
struct PlanSession {
    let surroundings: Surroundings
    let nodes: Int

    /// The units of the configured suites, or of a part of them.
    ///
    /// - Throws: `RunnerError` for a suite that cannot be listed, `ConfigurationError` for a choice that means nothing,
    ///   `FileError` if there is no room for side files.
    func discover(_ configuration: Configuration, choice: TestChoice?) async throws -> PreparedRun {
        let machine = await surroundings.hardware(configuration.hardware)
        let slots = configuration.run.slots ?? machine.processors
        let scratch = surroundings.temporaryDirectory
            .appending("dt-ci-plan-\(UInt64.random(in: 0...UInt64.max))")
        try surroundings.files.createDirectory(scratch)
        defer {
            // What stays behind in the temporary directory harms nobody.
            try? surroundings.files.remove(scratch)
        }
        let tools = RunnerTools(
            processes: LocalProcesses(), files: surroundings.files, environment: surroundings.environment,
            scratch: scratch)
        var notes = machine.warnings
        notes += configuration.suites.isEmpty ? ["no test runner was recognised in \(configuration.root)"] : []
        let history = history(of: configuration, &notes)
        let target = PlanningTarget(
            nodes: .init(repeating: machine.shape(slots: slots), count: nodes),
            order: PlanningTarget.Order(configuration.run.order) { .random(in: 0...UInt64(UInt32.max)) },
            commit: await WorkingCopy(root: configuration.root, environment: tools.environment).commit(),
            listings: machine.processors)
        var run = try await PlanningPass(
            configuration: configuration, tools: tools, history: history, choice: choice, runners: TestRunners.runner
        ).prepare(for: target)
        run.notes = notes + run.notes
        return run
    }

    /// The tests of a timings file as units of one suite.
    ///
    /// - Throws: `ConfigurationError` for a file that cannot be read or holds something else.
    func timings(_ name: String, slots text: String?, start: String?) throws(ConfigurationError) -> PreparedRun {
        let slots: Int
        switch text {
        case nil: slots = 1
        case "auto"?: slots = ThisMachine(files: surroundings.files).processors.processors
        case let text?:
            guard let number = Int(text), (1...100_000).contains(number) else {
                throw ConfigurationError([
                    .init(source: "--slots", problem: "\"\(SafeText.line(text))\"", expected: "a number or auto")
                ])
            }
            slots = number
        }
        let share = PlanRequest.SuiteShare(
            name: "timings", startCost: start.flatMap(DurationText.parse) ?? .zero, units: try units(in: name))
        return PreparedRun(
            request: PlanRequest(
                suites: [share], nodes: .init(repeating: NodeShape(hardware: "any", slots: slots), count: nodes)))
    }

    /// What discovery has to say of the suites.
    static func remarks(on run: PreparedRun) -> [String] {
        run.unmatched.map { "\($0) matches nothing" }
            + run.suites.flatMap { suite in suite.inventory.notes.map { "\(suite.suite.name): \($0)" } }
    }

    private func units(in name: String) throws(ConfigurationError) -> [EstimatedUnit] {
        let file = surroundings.workingDirectory.pushing(FilePath(name))
        let bytes: [UInt8]
        do {
            bytes = try surroundings.files.contents(of: file, limit: 1 << 30)
        } catch {
            throw ConfigurationError([.init(source: name, problem: error.description)])
        }
        do {
            return try TimingsFile.units(from: bytes, suite: "timings")
        } catch {
            throw ConfigurationError([.init(source: name, problem: error.description)])
        }
    }

    /// No history yet is the rule for a first run; one that cannot be opened is told.
    private func history(of configuration: Configuration, _ notes: inout [String]) -> (any HistoryStore)? {
        do throws(HistoryError) {
            return try HistoryURL(configuration.storage.history, root: configuration.root).openExisting()
        } catch  where error.code == .missing {
            return nil
        } catch {
            notes.append("planned without history: \(error.description)")
            return nil
        }
    }
}
