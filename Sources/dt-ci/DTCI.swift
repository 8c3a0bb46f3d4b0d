import ArgumentParser

/// The command line as a whole.
struct DTCI: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "dt-ci",
        abstract: "Splits a test suite over what is there, runs it and says what happened.",
        version: "0.1.0",
        subcommands: [
            DetectCommand.self,
            PlanCommand.self,
            RunCommand.self,
            MergeCommand.self,
            ReplayCommand.self,
            SimulateCommand.self,
            InitCommand.self,
            ConfigCommand.self,
            DocsCommand.self,
            HardwareCommand.self,
            HistoryCommand.self,
            ReportCommand.self,
            BadgeCommand.self,
            ArtifactsCommand.self,
            BuildCommand.self,
            PublishCommand.self,
            DoctorCommand.self,
        ])
}
