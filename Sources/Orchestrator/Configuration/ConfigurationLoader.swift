package import CICore
package import SystemPackage

/// Where the configuration comes from.
package struct ConfigurationLocation: Sendable, Hashable {
    /// Absolute; `nil` = the tree is looked at.
    package let file: FilePath?
    /// Absolute.
    package let root: FilePath

    /// The named file, else `dt-ci.yml` in the working directory, else that directory alone.
    ///
    /// Throws `ConfigurationError` for a named file that is not there and for `dt-ci.yaml`.
    package init(
        named name: FilePath?, workingDirectory: FilePath, files: any FileSystem
    ) throws(ConfigurationError) {
        let file = workingDirectory.pushing(name ?? FilePath(Configuration.fileName))
        switch files.kind(of: file) {
        case .file, .other:
            self.file = file
            root = file.removingLastComponent().lexicallyNormalized()
        case .directory, .symbolicLink:
            throw ConfigurationError([.init(source: file.string, problem: "a directory", expected: "a file")])
        case nil:
            if let name {
                throw ConfigurationError([.init(source: name.string, problem: "there is no such file")])
            }
            let misnamed = workingDirectory.appending("dt-ci.yaml")
            guard !files.exists(misnamed) else {
                throw ConfigurationError([
                    .init(source: "dt-ci.yaml", problem: "this name is not read", expected: Configuration.fileName)
                ])
            }
            self.file = nil
            root = workingDirectory
        }
    }
}

/// A configuration with the settings it was made from.
package struct LoadedConfiguration: Sendable {
    package private(set) var configuration: Configuration
    /// With defaults and origins, for `config show`.
    package let settings: Settings

    /// Takes durations from another history; nothing is written to it.
    package mutating func takeHistory(from path: FilePath) { configuration.storage.history = "sqlite:\(path)" }

    /// Keeps the suites that are named; nothing given keeps all.
    ///
    /// Throws `ConfigurationError` for a name that no suite has.
    package mutating func choose(suites names: [String]) throws(ConfigurationError) {
        guard !names.isEmpty else { return }
        let all = configuration.suites
        let known = all.map(\.name.rawValue)
        let issues = names.filter { !known.contains($0) }.map { name in
            ConfigurationError.Issue(
                source: "--suite", problem: "no suite is called \"\(YAMLDocument.excerpt(name))\"",
                expected: known.isEmpty ? "none, since no suite was found" : known.joined(separator: ", "),
                nearest: NearestMatch.of(name, in: known))
        }
        guard issues.isEmpty else { throw ConfigurationError(issues) }
        let companions = Suite.companions(of: Set(names.map { SuiteName($0) }), among: all)
        configuration.suites = all.filter { suite in
            names.contains(suite.name.rawValue) || companions.contains { $0.0 == suite.name }
        }
        configuration.assumptions += companions.map { "the suite \($0) runs too: it \($1)" }
    }
}

/// Brings file, tree and overrides together.
package struct ConfigurationLoader: Sendable {
    private let files: any FileSystem
    private let reader: ConfigurationReader

    /// `placeProblem` says what is wrong with a place of artifacts; `nil` where nothing is.
    package init(
        files: any FileSystem, runners: [RunnerID], placeProblem: @escaping @Sendable (String) -> String? = { _ in nil }
    ) {
        self.files = files
        reader = ConfigurationReader(files: files, runners: runners, placeProblem: placeProblem)
    }

    /// Reads the file if there is one, proposes suites from the tree if it names none, and lays the overrides over it.
    ///
    /// Throws `ConfigurationError` with everything that is wrong.
    package func load(
        _ location: ConfigurationLocation, overrides: [Override]
    ) throws(ConfigurationError) -> LoadedConfiguration {
        var settings =
            try location.file.map { file throws(ConfigurationError) in try reader.settings(in: file) }
            ?? Settings(RootKeys.section)
        var assumptions: [String] = []
        if settings[RootKeys.suites]?.isEmpty ?? true {
            let zero = ZeroConfiguration(in: SourceTree(scanning: location.root, with: files))
            settings.update(RootKeys.suites) { $0 = zero.proposals.map(Settings.init) }
            assumptions = zero.assumptions
        }
        try reader.lay(overrides, over: &settings)
        var configuration = try reader.configuration(of: settings, file: location.file, root: location.root)
        configuration.assumptions = assumptions
        return LoadedConfiguration(configuration: configuration, settings: settings)
    }
}
