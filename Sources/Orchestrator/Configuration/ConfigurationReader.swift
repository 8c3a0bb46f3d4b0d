package import CICore
package import SystemPackage
import Yams

/// Reads `dt-ci.yml`, lays options and variables over it and fills in the defaults.
package struct ConfigurationReader: Sendable {
    private let files: any FileSystem
    /// The ids that `runner:` may name.
    private let runners: [RunnerID]
    /// What is wrong with one of `artifacts: places:`.
    private let placeProblem: @Sendable (String) -> String?

    package init(
        files: any FileSystem, runners: [RunnerID], placeProblem: @escaping @Sendable (String) -> String? = { _ in nil }
    ) {
        self.files = files
        self.runners = runners
        self.placeProblem = placeProblem
    }

    /// The settings of a file, with the overrides laid over them.
    ///
    /// Throws `ConfigurationError` with everything that is wrong with file and overrides.
    package func settings(in file: FilePath, overrides: [Override] = []) throws(ConfigurationError) -> Settings {
        let source = file.lastComponent?.string ?? file.string
        return try settings(from: try bytes(of: file, source: source), source: source, overrides: overrides)
    }

    /// Lays what options and variables say over the settings.
    ///
    /// Throws `ConfigurationError` with everything that is wrong with the overrides.
    package func lay(_ overrides: [Override], over settings: inout Settings) throws(ConfigurationError) {
        try apply(overrides, to: &settings, issues: [])
    }

    /// The settings in the bytes of a file.
    package func settings(
        from bytes: [UInt8], source: String, overrides: [Override] = []
    ) throws(ConfigurationError) -> Settings {
        guard let root = try YAMLDocument.root(of: bytes, source: source), !root.isNothing else {
            throw ConfigurationError([.init(source: source, problem: "the file is empty", expected: "\"version: 1\"")])
        }
        var reading = Reading(source: source)
        var settings = Settings(reading: root, as: RootKeys.section, &reading) ?? Settings(RootKeys.section)
        checkSuites(settings[RootKeys.suites] ?? [], &reading)
        ConditionCheck(settings).report(to: &reading)
        checkPlaces(settings[RootKeys.artifacts] ?? Settings(ArtifactKeys.section), &reading)
        BadgeRules.check(settings[RootKeys.badge] ?? Settings(BadgeKeys.section), &reading)
        try apply(overrides, to: &settings, issues: reading.issues)
        return settings
    }

    /// The configuration that settings mean.
    ///
    /// - Throws: `ConfigurationError` for a suite's directory that is not there.
    package func configuration(
        of settings: Settings, file: FilePath?, root: FilePath
    ) throws(ConfigurationError) -> Configuration {
        let book = ConditionBook(settings)
        let suites = (settings[RootKeys.suites] ?? []).compactMap { Suite($0, root: root, book) }
        let missing = (settings[RootKeys.suites] ?? []).compactMap { issue(ifMissing: $0, root: root) }
        guard missing.isEmpty else { throw ConfigurationError(missing) }
        let storage = Configuration.Storage(settings, root: root)
        return Configuration(
            file: file, root: root, suites: suites,
            run: RunSettings(settings[RootKeys.run] ?? Settings(RunKeys.section)),
            hardware: HardwareSettings(settings[RootKeys.hardware] ?? Settings(HardwareKeys.section)), storage: storage,
            reporting: Configuration.Reporting(
                publish: PublishSettings(settings[RootKeys.publish] ?? Settings(PublishKeys.all)),
                forge: ForgeSettings(settings[RootKeys.forge] ?? Settings(ForgeKeys.section)),
                badges: BadgeSettings(
                    settings[RootKeys.badge] ?? Settings(BadgeKeys.section), root: root, results: storage.results),
                report: ReportSettings(settings[RootKeys.report] ?? Settings(ReportKeys.section)),
                artifacts: ArtifactSettings(settings[RootKeys.artifacts] ?? Settings(ArtifactKeys.section))))
    }

    /// What a file, if there is one, and the overrides say of the machine.
    ///
    /// Throws `ConfigurationError` with everything that is wrong with file and overrides.
    package func hardware(
        in file: FilePath?, overrides: [Override]
    ) throws(ConfigurationError) -> HardwareSettings {
        var settings =
            try file.map { file throws(ConfigurationError) in try self.settings(in: file) }
            ?? Settings(RootKeys.section)
        try lay(overrides, over: &settings)
        return HardwareSettings(settings[RootKeys.hardware] ?? Settings(HardwareKeys.section))
    }

    private func bytes(of file: FilePath, source: String) throws(ConfigurationError) -> [UInt8] {
        do {
            return try files.contents(of: file, limit: YAMLDocument.limit)
        } catch  where error.errno == .fileTooLarge {
            throw ConfigurationError([
                .init(source: source, problem: "the file is larger than 1 MiB", expected: "a smaller one")
            ])
        } catch {
            throw ConfigurationError([.init(source: source, problem: error.description)])
        }
    }

    /// What no key can see alone: names given twice, unknown runners, `command` without a command.
    private func checkSuites(_ suites: [Settings], _ reading: inout Reading) {
        var names: Set<String> = []
        for suite in suites {
            let at = { (name: String) in suite.origin(of: name).position ?? suite.position }
            if let name = suite[SuiteKeys.name], !names.insert(name).inserted {
                reading.report(
                    at("name"), "a second suite is called \"\(YAMLDocument.excerpt(name))\"", expected: "another name")
            }
            guard let runner = suite[SuiteKeys.runner] else { continue }
            let known = runners.map(\.rawValue)
            if !known.contains(runner) {
                reading.report(
                    at("runner"), "unknown runner \"\(YAMLDocument.excerpt(runner))\"",
                    expected: known.sorted().joined(separator: ", "),
                    nearest: NearestMatch.of(runner, in: known))
            } else if runner == "command", suite[SuiteKeys.command] == .some(nil) {
                reading.report(
                    at("runner"), "the runner \"command\" has no command", expected: "\"command:\" in this suite")
            }
        }
    }

    private func checkPlaces(_ settings: Settings, _ reading: inout Reading) {
        for place in settings[ArtifactKeys.places] ?? [] {
            guard let problem = placeProblem(place) else { continue }
            reading.report(settings.origin(of: ArtifactKeys.places.name).position ?? settings.position, problem)
        }
    }

    private func issue(ifMissing suite: Settings, root: FilePath) -> ConfigurationError.Issue? {
        guard let path = suite[SuiteKeys.workingDirectory],
            case .file(let source, let position) = suite.origin(of: SuiteKeys.workingDirectory.name),
            files.kind(of: root.pushing(FilePath(path))) != .directory
        else { return nil }
        return .init(
            source: source, position: position, problem: "\"\(YAMLDocument.excerpt(path))\" is no directory",
            expected: "a directory relative to this file")
    }

    private func apply(
        _ overrides: [Override], to settings: inout Settings, issues: [ConfigurationError.Issue]
    ) throws(ConfigurationError) {
        var issues = issues
        for override in overrides {
            var reading = Reading(source: override.origin.description)
            override.apply(to: &settings, &reading)
            issues += reading.issues.map { issue in
                var issue = issue
                issue.position = nil
                return issue
            }
        }
        if !issues.isEmpty { throw ConfigurationError(issues) }
    }
}

extension Origin {
    /// Where in the file; `nil` for what no file says.
    var position: ConfigurationError.Position? {
        guard case .file(_, let position) = self else { return nil }
        return position
    }
}
