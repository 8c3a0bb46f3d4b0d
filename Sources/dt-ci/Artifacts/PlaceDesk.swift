import Artifacts
import CICore
import CIProviders
import Orchestrator
import SystemPackage

/// Opens the places that artifacts go to and come from, for this build and with its tokens; sends nothing yet.
struct PlaceDesk {
    private let surroundings: Surroundings
    private let context: BuildContext
    private let access: APIAccess
    private let budget: Duration
    private let console: FileDescriptor

    /// Detects the build; `budget` is the time for all that is sent.
    init(
        in surroundings: Surroundings, forge: ForgeSettings = ForgeSettings(), budget: Duration,
        console: FileDescriptor = .standardOutput
    ) async {
        var surroundings = surroundings
        if let api = forge.api { surroundings.environment["DTCI_FORGE_API_URL"] = api }
        var context = await Detector(
            environment: surroundings.environment, files: surroundings.files, processes: LocalProcesses(),
            workingDirectory: surroundings.workingDirectory
        ).detect().context
        if let kind = forge.kind { context.repository.forge = kind }
        self.surroundings = surroundings
        self.context = context
        self.budget = budget
        self.console = console
        access = APIAccess(
            context: context, environment: surroundings.environment, files: surroundings.files,
            exchange: surroundings.exchange(Self.manners(budget, writesAtOnce: 1)))
    }

    /// The places in the order in which they are tried; what is named twice counts once.
    func places(_ names: [String]) throws(PlaceFailure) -> [any ArtifactPlace] {
        var places: [any ArtifactPlace] = []
        for name in names {
            for place in try opened(PlaceName(name, in: surroundings))
            where !places.contains(where: { $0.title == place.title }) {
                places.append(place)
            }
        }
        return places
    }

    /// A place that gives back what was put there.
    func reader(_ name: String) throws(PlaceFailure) -> any PlaceReader {
        let place = try opened(PlaceName(name, in: surroundings)).first
        if let closed = place as? ClosedPlace { throw PlaceFailure("\(closed.title): \(closed.reason)") }
        guard let reader = place as? any PlaceReader else {
            throw PlaceFailure("\(name) gives no artifacts back; take them from the pages of the CI service")
        }
        return reader
    }

    private func opened(_ name: PlaceName) throws(PlaceFailure) -> [any ArtifactPlace] {
        switch name {
        case .auto: own
        case .service(let service): [place(of: service)]
        case .s3(let address): [try bucket(address)]
        case .pipeline(let directory): [pipeline(directory)]
        case .directory(let directory): [DirectoryPlace(title: directory.string, root: directory)]
        }
    }

    private static func manners(_ budget: Duration, writesAtOnce: Int) -> Exchange.Manners {
        var manners = Exchange.Manners()
        manners.budget = budget
        manners.timeout = .seconds(60)
        manners.writesAtOnce = writesAtOnce
        return manners
    }
}

// MARK: The CI service's own

extension PlaceDesk {
    /// What the service has, and a directory for its pipeline's own step where that is closed.
    private var own: [any ArtifactPlace] {
        guard let service = CIServices.named(context.service) else { return [] }
        let directory = surroundings.workingDirectory.pushing(PlaceName.pipelineDirectory)
        if service.log.upload("/a", "a") != nil { return [announced(by: service)] }
        guard let capability = service.artifacts.shelf,
            let known = PlaceName.Service.allCases.first(where: { $0.shelf?.capability == capability })
        else { return [pipeline(directory)] }
        let place = place(of: known)
        return place is ClosedPlace ? [place, pipeline(directory)] : [place]
    }

    private func place(of service: PlaceName.Service) -> any ArtifactPlace {
        if let id = service.logOf {
            guard context.service == id, let running = CIServices.named(id) else {
                let title = CIServices.named(id)?.title ?? id
                return ClosedPlace(title: title, reason: "this is no job of \(title)")
            }
            return announced(by: running)
        }
        guard let shelf = service.shelf else { return ClosedPlace(title: service.rawValue, reason: "it has no shelf") }
        // Gitea's and Forgejo's jobs speak GitHub's language.
        let detected = Forges.named(context.repository.forge)
        let forge = detected?.capabilities.contains(shelf.capability) == true ? detected : Forges.named(shelf.forge)
        switch forge?.connect(access).shelves[shelf.capability] {
        case .open(let port):
            return ShelfPlace(title: shelf.title, shelf: port, form: shelf.form, limits: shelf.limits)
        case .closed(let obstacle):
            return ClosedPlace(title: shelf.title, reason: "\(obstacle.reason): \(obstacle.advice)")
        case nil:
            return ClosedPlace(title: shelf.title, reason: "\(forge?.title ?? "the forge") has none")
        }
    }

    private func announced(by service: CIService) -> AnnouncedPlace {
        let console = console
        return AnnouncedPlace(
            title: "\(service.title) artifacts",
            directory: DirectoryPlace(
                title: service.title, root: surroundings.workingDirectory.pushing(PlaceName.pipelineDirectory)),
            line: service.log.upload, say: { console.say("\($0)\n") })
    }

    private func pipeline(_ directory: FilePath) -> DirectoryPlace {
        let service = CIServices.named(context.service)
        var shown = directory
        _ = shown.removePrefix(surroundings.workingDirectory)
        return DirectoryPlace(
            title: "pipeline directory \(shown)", root: directory,
            limits: PlaceLimits(fileSize: service?.artifacts.fileSize))
    }

    private func bucket(_ address: S3Address) throws(PlaceFailure) -> any ArtifactPlace {
        guard let credentials = S3Credentials(environment: surroundings.environment) else {
            return ClosedPlace(
                title: address.title, reason: "AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY are not set")
        }
        return S3Place(
            client: S3Client(
                address, credentials: credentials,
                exchange: surroundings.exchange(Self.manners(budget, writesAtOnce: 4)), files: surroundings.files))
    }
}

/// A place that this build cannot open.
struct ClosedPlace: ArtifactPlace {
    let title: String
    let reason: String

    var form: PlaceForm { .files }
    var limits: PlaceLimits { PlaceLimits() }

    func put(
        _ parcel: Parcel, resuming ticket: String?, note: @escaping @Sendable (String) -> Void
    ) async throws(PlaceError) -> String? {
        throw PlaceError(.unavailable, reason)
    }
}

/// What is known of a shelf before it is opened.
struct KnownShelf: Sendable, Hashable {
    let title: String
    let forge: String
    let capability: Capability
    let form: PlaceForm
    let limits: PlaceLimits
}

extension PlaceName.Service {
    /// The CI service whose log takes artifacts.
    var logOf: String? {
        switch self {
        case .azure: "azure-pipelines"
        case .teamCity: "teamcity"
        case .gitHub, .gitLab, .bitbucket: nil
        }
    }

    /// The shelf of a forge that takes artifacts.
    var shelf: KnownShelf? {
        switch self {
        case .gitHub:
            // The toolkit's artifact service takes so many of one job.
            KnownShelf(
                title: "GitHub artifacts", forge: "github", capability: .artifacts,
                form: .archive(hasManifest: false), limits: PlaceLimits(artifacts: 500))
        case .gitLab:
            // `generic_packages_max_file_size` as GitLab sets it.
            KnownShelf(
                title: "GitLab packages", forge: "gitlab", capability: .packages, form: .archive(hasManifest: true),
                limits: PlaceLimits(fileSize: 5 << 30))
        case .bitbucket:
            // Bitbucket's support pages, "Upload and share files".
            KnownShelf(
                title: "Bitbucket downloads", forge: "bitbucket", capability: .downloads,
                form: .archive(hasManifest: true), limits: PlaceLimits(fileSize: 2 << 30))
        case .azure, .teamCity: nil
        }
    }
}
