/// What a run keeps for people and later jobs, and where it goes.
package struct ArtifactSettings: Sendable, Hashable {
    package var collections: [Collection]
    /// As `--place` takes them, the first that takes an artifact gets it.
    package var places: [String]
    /// Whether an artifact that holds the value of a secret variable stays here.
    package var deniesSecrets: Bool
    /// How long the local store keeps what is placed elsewhere or wanted nowhere; `nil` = for ever.
    package var retention: Duration?

    package init(
        collections: [Collection] = [], places: [String] = ["auto"], deniesSecrets: Bool = true,
        retention: Duration? = nil
    ) {
        self.collections = collections
        self.places = places
        self.deniesSecrets = deniesSecrets
        self.retention = retention
    }

    /// One artifact to be.
    package struct Collection: Sendable, Hashable {
        package var name: String
        /// Paths and globs, relative to the configuration.
        package var paths: [String]
        /// Globs of what is left out of it.
        package var exclude: [String]
        package var when: Occasion

        package init(name: String, paths: [String], exclude: [String] = [], when: Occasion = .always) {
            self.name = name
            self.paths = paths
            self.exclude = exclude
            self.when = when
        }
    }

    /// When an artifact is kept.
    package enum Occasion: String, Sendable, Hashable, CaseIterable {
        case always
        /// Only of a run that did not pass.
        case failure
    }
}

/// The keys of one entry of `artifacts: collect:`.
enum ArtifactCollectionKeys {
    static let name = Key<String>("name", .text, "What the artifact is called.")
    static let paths = Key<[String]>("paths", .texts, "Files, directories and globs, relative to this file.")
    static let exclude = Key<[String]>(
        "exclude", .texts, default: [], "Globs of what is left out of it; one without `/` is of names anywhere.")
    static let when = Key<ArtifactSettings.Occasion>(
        "when", .word(of: ArtifactSettings.Occasion.self), default: .always,
        "Whether it is kept of every run, or only of one that did not pass (`failure`).")

    static let section = Section(name: "collect", keys: [name, paths, exclude, when])
}

/// The keys of `artifacts:`.
enum ArtifactKeys {
    static let collect = Key<[Settings]>(
        "collect", .sections(of: ArtifactCollectionKeys.section), default: [],
        "What a run keeps in the store `artifacts/` among its results when its tests are over.")
    static let places = Key<[String]>(
        "places", .texts, default: ["auto"],
        """
        Where the artifacts go: the first place that takes one gets it, and what none takes stays in the store. `auto` = \
        what the CI service has for artifacts; the name of a service's or forge's place, which \
        `dt-ci artifacts upload --help` lists; `pipeline:DIR` = a directory that the pipeline stores; \
        `s3://BUCKET/PREFIX?endpoint=URL`; or a directory with a `/` in it.
        """)
    static let denySecrets = Key<Bool>(
        "deny-secrets", .flag, default: true,
        "Whether an artifact that holds the value of a secret variable of the environment stays here.")
    static let retention = Key<Duration?>(
        "retention", .duration(or: "none"), default: .some(nil),
        "How long the store keeps an artifact; what is still to be uploaded is never removed.")

    static let section = Section(name: "artifacts", keys: [collect, places, denySecrets, retention])
}

extension ArtifactSettings {
    init(_ settings: Settings) {
        self.init(
            collections: (settings[ArtifactKeys.collect] ?? []).compactMap(Collection.init),
            places: settings[ArtifactKeys.places] ?? ["auto"],
            deniesSecrets: settings[ArtifactKeys.denySecrets] ?? true,
            retention: settings[ArtifactKeys.retention] ?? nil)
    }
}

extension ArtifactSettings.Collection {
    init?(_ settings: Settings) {
        guard let name = settings[ArtifactCollectionKeys.name], let paths = settings[ArtifactCollectionKeys.paths]
        else { return nil }
        self.init(
            name: name, paths: paths, exclude: settings[ArtifactCollectionKeys.exclude] ?? [],
            when: settings[ArtifactCollectionKeys.when] ?? .always)
    }
}
