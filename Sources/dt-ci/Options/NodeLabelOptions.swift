import ArgumentParser
import Orchestrator

/// What the user says of the machine beside `hardware: labels:`.
struct NodeLabelOptions: ParsableArguments {
    @Option(help: ArgumentHelp("A label of this machine, NAME or NAME=VALUE; may be repeated.", valueName: "label"))
    var nodeLabel: [String] = []

    /// For commands that read the whole configuration.
    var overrides: [Override] {
        guard !nodeLabel.isEmpty else { return [] }
        return [Override(.hardware, "labels", texts: nodeLabel, origin: EnvironmentOptions.origin(of: "node-label"))]
    }

    /// The labels alone: no tree is looked at for tests where there is no file.
    func settings(config: String?, in surroundings: Surroundings) throws -> HardwareSettings {
        let location = try ConfigurationLocation(named: config, in: surroundings)
        let reader = ConfigurationReader(files: surroundings.files, runners: TestRunners.all.map(\.id))
        return try reader.hardware(in: location.file, overrides: overrides)
    }
}
