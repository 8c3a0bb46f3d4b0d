import CICore
import CIProviders
import Orchestrator
import SystemPackage

/// Brings the jobs of a plan to a CI service in its form.
struct JobsDesk {
    let form: NodeOutput
    /// `nil` = standard output.
    let place: String?
    let surroundings: Surroundings

    /// What a form cannot do is said before anything is written.
    ///
    /// Throws `ConfigurationError`.
    func check(_ nodes: [NodeFleet.Node]) throws(ConfigurationError) {
        if form.hasOneClass, Set(nodes.map(\.labels)).count > 1 {
            throw error(
                "--output \(form.name) has one kind of machine for all nodes, and fan-out: classes: gives these several",
                expected: "one class, or --nodes within the first class's max-nodes")
        }
        if form.mostNodes < nodes.count {
            throw error("\(nodes.count) nodes", expected: "at most \(form.mostNodes), which \(form.name) starts")
        }
        if place == "service" { _ = try channelFile() }
        if place == nil, form.isDirectory { throw error("has several files", expected: "--output-to DIRECTORY") }
    }

    /// Writes or prints it.
    func deliver(_ jobs: NodeJobs) throws {
        switch (place, form.rendering(of: jobs)) {
        case ("service"?, _): try send(jobs)
        case (nil, .document(let text)): FileDescriptor.standardOutput.say(text)
        case (nil, .files(let files)): FileDescriptor.standardOutput.say(files.map(\.text).joined())
        case (let place?, .document(let text)):
            let file = surroundings.workingDirectory.pushing(FilePath(place))
            try surroundings.files.createDirectory(file.removingLastComponent())
            try surroundings.files.write(Array(text.utf8), to: file)
        case (let place?, .files(let files)):
            try write(files, to: surroundings.workingDirectory.pushing(FilePath(place)))
        }
    }

    /// Without what an earlier plan with more nodes has left there.
    private func write(_ files: [NodeOutput.Rendering.File], to directory: FilePath) throws {
        try surroundings.files.createDirectory(directory)
        for entry in try surroundings.files.entries(of: directory) where Int(entry.name) != nil {
            try surroundings.files.remove(directory.appending(entry.name))
        }
        for file in files { try surroundings.files.write(Array(file.text.utf8), to: directory.appending(file.name)) }
    }

    private func send(_ jobs: NodeJobs) throws {
        switch form.channel {
        case .log(let lines)?: FileDescriptor.standardOutput.say(lines(jobs).map { $0 + "\n" }.joined())
        case .file(_, let lines)?:
            guard let file = try channelFile() else { return }
            var text = try surroundings.files.exists(file) ? surroundings.files.contents(of: file, limit: 1 << 24) : []
            if text.last.map({ $0 != UInt8(ascii: "\n") }) ?? false { text.append(UInt8(ascii: "\n")) }
            text += lines(jobs).flatMap { Array($0.utf8) + [UInt8(ascii: "\n")] }
            try surroundings.files.write(text, to: file)
        case nil: _ = try channelFile()
        }
    }

    /// The file that the service reads; `nil` where it reads the log.
    private func channelFile() throws(ConfigurationError) -> FilePath? {
        switch form.channel {
        case .log?: return nil
        case .file(let variable, _)?:
            if let name = surroundings.environment[variable], !name.isEmpty { return FilePath(name) }
            throw error(
                "--output-to service needs the variable \(variable), which only a job of the service has",
                expected: "--output-to FILE here")
        case nil:
            throw error("--output \(form.name) has no channel of its own", expected: "--output-to FILE; \(form.use)")
        }
    }

    private func error(_ problem: String, expected: String) -> ConfigurationError {
        ConfigurationError([.init(source: "--output \(form.name)", problem: problem, expected: expected)])
    }
}

extension NodeJobs {
    /// A job for each node of a plan.
    init(of plan: Plan, on fleet: NodeFleet, layout: ResultsLayout, include: String?) {
        let jobs = zip(plan.nodes, fleet.nodes(plan.nodes.count)).map { node, machine in
            var suites: [SuiteName] = []
            for batch in node.batches where !suites.contains(batch.suite) { suites.append(batch.suite) }
            return NodeJob(
                index: node.index, total: plan.nodes.count, hardware: node.hardware, labels: machine.labels,
                estimate: node.estimate, suites: suites)
        }
        self.init(jobs, plan: plan.id, layout: layout, include: include)
    }
}
