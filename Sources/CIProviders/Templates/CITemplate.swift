/// The pipeline files that run dt-ci in one CI service.
package struct CITemplate: Sendable {
    /// Ids of forges whose repositories this service builds without being asked, so that it is the one to guess.
    package let homeForges: [String]
    /// What is left to do once the files are written, as a sentence without a full stop.
    package let nextStep: String
    /// Parallel jobs that the service starts at most.
    package let mostNodes: Int
    private let render: @Sendable (PipelineShape) -> [File]

    init(
        homeForges: [String] = [], nextStep: String, mostNodes: Int = 256,
        render: @escaping @Sendable (PipelineShape) -> [File]
    ) {
        self.homeForges = homeForges
        self.nextStep = nextStep
        self.mostNodes = mostNodes
        self.render = render
    }

    /// The files of a pipeline of that shape.
    package func files(for shape: PipelineShape) -> [File] { render(shape) }

    /// One file.
    package struct File: Sendable, Hashable {
        /// Where the service looks for it, from the repository's root.
        package let path: String
        /// What it is called among the samples of the service, where both shapes lie side by side.
        package let sample: String
        package let text: String
    }
}

/// What a pipeline is to look like.
package struct PipelineShape: Sendable, Hashable {
    /// Parallel jobs; one job runs everything and needs no verdict job.
    package var nodes: Int
    /// Whether each run has as many nodes as its plan finds best; `nodes` are then the most that a fixed file can have.
    package var isAuto: Bool
    package var layout: ResultsLayout
    /// Written into the files; `nil` = taken from the service's variables.
    package var binary: Binary?

    package init(nodes: Int = 1, isAuto: Bool = false, layout: ResultsLayout, binary: Binary? = nil) {
        self.nodes = nodes
        self.isAuto = isAuto
        self.layout = layout
        self.binary = binary
    }

    /// Where dt-ci is to be had.
    package struct Binary: Sendable, Hashable {
        package let url: String
        /// Of what the URL gives, in hexadecimal digits.
        package let sha256: String

        /// `nil` for what would not stand safely between a template's quotes.
        package init?(url: String, sha256: String) {
            let plain = url.utf8.allSatisfy { byte in
                (0x21...0x7E).contains(byte) && !"'\"\\`$<>{}|^#".utf8.contains(byte)
            }
            guard plain, url.contains("://"), sha256.utf8.count == 64, sha256.allSatisfy(\.isHexDigit) else {
                return nil
            }
            self.url = url
            self.sha256 = sha256.lowercased()
        }
    }

    var isParallel: Bool { nodes > 1 || isAuto }

    /// `one-job`, `parallel` or `auto`: how samples of the shapes are told apart.
    var name: String { isAuto ? "auto" : isParallel ? "parallel" : "one-job" }

    /// What `dt-ci` does in the job that plans.
    func planning(_ form: NodeOutput, to place: String) -> String {
        isAuto
            ? "plan --nodes auto --save \(layout.plan) --output \(form.name) --output-to \(place)"
                + (form.isFixed ? " --max-nodes \(nodes)" : "")
            : "plan --nodes \(nodes) --save \(layout.plan)"
    }
}

/// What dt-ci writes and where, from the repository's root.
package struct ResultsLayout: Sendable, Hashable {
    /// The directory of everything below.
    package var root: String
    package var junit: String
    package var results: String
    /// The database of the embedded history, where nothing else is configured.
    package var history: String
    package var plan: String
    /// A directory with one directory for each node's bundle.
    package var bundles: String

    package init(root: String, junit: String, results: String, history: String, plan: String, bundles: String) {
        self.root = root
        self.junit = junit
        self.results = results
        self.history = history
        self.plan = plan
        self.bundles = bundles
    }

    /// For services whose caches take whole directories: nothing else is in this one.
    var historyDirectory: String { "\(root)/history" }

    /// `DTCI_HISTORY` for that directory.
    var historyURL: String { "sqlite:\(historyDirectory)/history.db" }

    /// Where a downloaded dt-ci lies.
    var tools: String { "\(root)/bin" }

    /// The directory in which a node leaves its bundle; both may be words of a shell or a template.
    func bundle(_ index: String, of total: String) -> String { "\(bundles)/node-\(index)-of-\(total)" }
}
