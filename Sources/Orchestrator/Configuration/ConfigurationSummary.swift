import CICore
import SystemPackage

/// A configuration in a few lines, for `dt-ci config check`.
package struct ConfigurationSummary: Sendable {
    private let configuration: Configuration
    private let quarantine: Quarantine

    package init(_ configuration: Configuration, quarantine: Quarantine) {
        self.configuration = configuration
        self.quarantine = quarantine
    }

    /// Ends with a line feed.
    package var text: String {
        let source = configuration.file?.lastComponent?.string ?? "no \(Configuration.fileName)"
        let count = configuration.suites.count
        var lines = ["\(source): \(count == 1 ? "1 suite" : "\(count) suites")"]
        let width = configuration.suites.map(\.name.rawValue.count).max() ?? 0
        lines += configuration.suites.map { suite in
            let name = suite.name.rawValue
            let place = suite.workingDirectory == configuration.root ? "" : " in \(relative(suite))"
            return "  \(name)\(String(repeating: " ", count: width - name.count))  \(suite.runner)\(place)"
        }
        lines += configuration.assumptions.map { "assumed: \($0)" }
        if !quarantine.entries.isEmpty {
            let entries = quarantine.entries.count
            lines.append("\(Quarantine.fileName): \(entries == 1 ? "1 entry" : "\(entries) entries")")
        }
        return lines.map { $0 + "\n" }.joined()
    }

    private func relative(_ suite: Suite) -> String {
        var path = suite.workingDirectory
        return path.removePrefix(configuration.root) ? path.string : suite.workingDirectory.string
    }
}
