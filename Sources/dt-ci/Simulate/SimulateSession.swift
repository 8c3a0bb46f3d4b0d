import CICore
import Orchestrator
import Simulator
import SystemPackage

import struct FoundationEssentials.Date

/// One `dt-ci simulate`: serves the APIs, runs the command, and tells what a person would see.
struct SimulateSession: Sendable {
    /// What becomes of what was seen.
    struct Display: Sendable {
        var isJSON: Bool
        var html: FilePath?
        var record: FilePath?
    }

    let service: SimulatedService
    let scenario: Scenario
    let faults: [Fault]
    let command: [String]
    /// Variables beside those of the service.
    let variables: [String: String]
    let surroundings: Surroundings
    let display: Display

    /// Runs it all, and returns the command's own exit code.
    ///
    /// Throws `ProcessError` if the command cannot be started, `FileError` where files cannot be written.
    func run() async throws -> Int32 {
        let name = "dt-ci-simulate-\(UInt64.random(in: 0...UInt64.max))"
        let directory = surroundings.temporaryDirectory.appending(name)
        try surroundings.files.createDirectory(directory)
        defer {
            // What stays behind in the temporary directory harms nobody.
            try? surroundings.files.remove(directory)
        }
        let records = try ExchangeFiles(display.record, files: surroundings.files)
        let simulation = Simulation(
            SimulatedAPIs.apis(for: scenario), faults: faults, secrets: secrets,
            clock: { Int64(Date().timeIntervalSince1970) }, sink: { records.keep($0) })
        let (report, exit) = try await simulation.serving { running in
            try await run(in: directory, against: running)
        }
        try show(report, exit)
        if let failure = records.failure { FileDescriptor.standardError.say("warning: \(failure)\n") }
        return exit
    }

    private var secrets: [String] {
        let tokens = scenario.tokens
        return [tokens.forge, tokens.service, tokens.job, scenario.actionsRuntimeToken]
    }

    private func run(
        in directory: FilePath, against running: RunningSimulation
    ) async throws -> (SimulationReport, Int32) {
        let place = JobPlace(
            directory: directory, workspace: surroundings.workingDirectory, base: { running.base(of: $0) })
        let job = service.job(scenario, in: place)
        for file in job.files { try surroundings.files.write(file.bytes, to: file.path) }
        let stream: FileDescriptor = display.isJSON ? .standardError : .standardOutput
        let log = SharedLog(service.dialect) { stream.say(Self.text(of: $0)) }
        let step = SimulatedStep(
            command: ProcessCommand(
                command,
                environment: SimulatedService.environment(of: job, over: surroundings.environment)
                    .merging(variables) { $1 },
                workingDirectory: surroundings.workingDirectory),
            file: directory.appending("job.log"), log: log)
        let before = running.exhibit
        let exit = try await step.run()
        let reading = log.value
        let paths = [job.summary].compactMap(\.self) + reading.summaries.map { FilePath($0) }
        return (
            SimulationReport(
                scenario: scenario, title: service.title, context: job.context,
                exhibit: running.exhibit.without(before),
                log: reading, summaries: paths.compactMap(summary), exchanges: running.exchanges),
            Self.code(of: exit)
        )
    }

    /// What a summary's file holds, at most the 1 MiB that services take.
    private func summary(at path: FilePath) -> String? {
        // A file that was never written, or is too large, is no summary.
        guard let bytes = try? surroundings.files.contents(of: path, limit: 1 << 20), !bytes.isEmpty else { return nil }
        return String(decoding: bytes, as: UTF8.self)
    }

    private func show(_ report: SimulationReport, _ exit: Int32) throws {
        if let html = display.html { try surroundings.files.write(Array(HTMLPage.html(report).utf8), to: html) }
        if display.isJSON {
            let json = report.document.merging(["exitCode": .int(Int(exit))]).encoded
            FileDescriptor.standardOutput.say(String(decoding: JSONText.indented(json), as: UTF8.self))
        } else {
            FileDescriptor.standardOutput.say(ConsolePage.text(report) + "exit code \(exit)\n")
        }
    }

    private static func text(of line: LogReading.Line) -> String {
        let indentation = String(repeating: "  ", count: line.depth)
        let mark = line.kind == .fold ? "▼ " : ""
        return "\(indentation)\(mark)\(SafeText.line(line.text, limit: LogReading.widthLimit))\n"
    }

    private static func code(of exit: ProcessExit) -> Int32 {
        switch exit {
        case .exited(let code): code
        case .signaled(let number): 128 + number
        }
    }
}
