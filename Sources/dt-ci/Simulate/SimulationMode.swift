import ArgumentParser

/// How much of the configured suites a simulation runs, told to `dt-ci run` by its own variables.
enum SimulationMode: String, ExpressibleByArgument, CaseIterable {
    /// The first three units of each suite, nothing tried again.
    case quick
    /// As the configuration says.
    case standard
    /// To the end: no fail-fast, no time limit of the run.
    case full

    /// Options of `dt-ci run` as variables.
    var variables: [String: String] {
        switch self {
        case .quick: ["DTCI_SAMPLE": "3", "DTCI_RETRIES": "0"]
        case .standard: [:]
        case .full: ["DTCI_FAIL_FAST": "false", "DTCI_TIMEOUT": "none"]
        }
    }
}
