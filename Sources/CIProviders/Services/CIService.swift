/// A CI service: how it is recognised and where it tells each fact.
package struct CIService: Sendable {
    /// As in the `context` format.
    package let id: String
    /// As its makers write it.
    package let title: String
    /// One is enough.
    let marks: [ServiceMark]
    /// Where each fact stands, best source first.
    let facts: [Fact: [FactSource]]
    /// What no single variable tells; runs before the table, whose facts it thereby overrules.
    let oddFacts: @Sendable (inout FactSheet) -> Void
    /// What makes one job know which of several nodes it is.
    package let node: NodeConvention
    /// What its log makes of commands.
    package let log: LogDialect
    /// What it has for artifacts.
    package let artifacts: ArtifactKeeping
    /// Its own API; `nil` where it has none that helps.
    package let api: ServiceAPI?
    /// The pipeline files that run dt-ci in it; `nil` where we know no such files.
    package let template: CITemplate?
    /// The form in which it takes the jobs of a plan; `nil` where a pipeline cannot take any.
    package let output: NodeOutput?

    init(
        id: String, title: String, marks: [ServiceMark], facts: [Fact: [FactSource]],
        oddFacts: @escaping @Sendable (inout FactSheet) -> Void = { _ in }, node: NodeConvention,
        log: LogDialect = .plain, artifacts: ArtifactKeeping = ArtifactKeeping(),
        api: ServiceAPI? = nil, template: CITemplate? = nil, output: NodeOutput? = nil
    ) {
        self.id = id
        self.title = title
        self.marks = marks
        self.facts = facts
        self.oddFacts = oddFacts
        self.node = node
        self.log = log
        self.artifacts = artifacts
        self.api = api
        self.template = template
        self.output = output
    }

    /// The variables of which each gives it away.
    package var markVariables: [String] {
        marks.map(\.variable).reduce(into: []) { names, name in
            if !names.contains(name) { names.append(name) }
        }
    }

    /// The variable that gives it away; `nil` if this process does not run in it, as far as the environment can tell.
    func mark(in sheet: FactSheet) -> String? { marks.first { $0.isPresent(in: sheet) }?.variable }

    /// Takes all its facts in but this machine's place, which other sources tell as well.
    func fill(_ sheet: inout FactSheet) {
        oddFacts(&sheet)
        for fact in Fact.allCases where fact != .nodeIndex && fact != .nodeTotal {
            sheet.set(fact, from: facts[fact] ?? [])
        }
    }

    /// The variables that tell which of a job's machines this is; empty where none does.
    package var nodeVariables: [String] {
        [Fact.nodeIndex, .nodeTotal].compactMap { facts[$0]?.first?.variable }
    }
}

/// What a CI service has for the artifacts of its jobs.
package struct ArtifactKeeping: Sendable, Hashable {
    /// The place that `auto` means, by its name; `nil` where the pipeline stores a directory.
    package var place: String?
    /// The service's own place; its log takes uploads, or its API has a container for them.
    package var offer: ArtifactOffer?
    /// Bytes of one file that the pipeline stores at most.
    package var fileSize: Int64?

    /// The place is the service's own offer unless it is named.
    package init(place: String? = nil, offer: ArtifactOffer? = nil, fileSize: Int64? = nil) {
        self.place = place ?? offer?.names.first
        self.offer = offer
        self.fileSize = fileSize
    }
}

/// Every CI service there is; one exists by being listed here.
package enum CIServices {
    /// The order decides where an environment fits several: the service whose variables are hardest to come by otherwise
    /// is first, Jenkins, whose agents inherit and lend their environment, is last.
    package static let all: [CIService] = [
        .forgejoActions, .giteaActions, .gitHubActions, .gitLabCI, .azurePipelines, .circleCI, .bitbucketPipelines,
        .buildkite, .semaphore, .travisCI, .teamCity, .jenkins, .generic,
    ]

    /// The service of that id; `nil` outside every CI service.
    package static func named(_ id: String) -> CIService? { all.first { $0.id == id } }
}
