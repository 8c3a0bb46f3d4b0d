import Artifacts
import CICore
import CIProviders
import Orchestrator
import SystemPackage

/// Opens the places that artifacts go to and come from, for this build and with its tokens; sends nothing yet.
struct PlaceDesk {
    private let surroundings: Surroundings
    private let context: BuildContext
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
    }

    /// The places in the order in which they are tried; what is named twice counts once.
    func places(_ names: [String]) throws(PlaceFailure) -> [any ArtifactPlace] {
        var places: [any ArtifactPlace] = []
        for name in names {
            for place in try opened(PlaceName(name, in: surroundings))
            where !places.contains(where: { $0.title == place.title }) {
                if let closed = place as? ClosedPlace, closed.hasSubstitute { continue }
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
        case .offered(let name): offered(name)
        case .s3(let address): [bucket(address)]
        case .pipeline(let directory): [pipeline(directory)]
        case .directory(let directory): [DirectoryPlace(title: directory.string, root: directory)]
        }
    }

    private func exchange(writesAtOnce: Int) -> Exchange {
        var manners = Exchange.Manners()
        manners.budget = budget
        manners.timeout = .seconds(60)
        manners.writesAtOnce = writesAtOnce
        return surroundings.exchange(manners)
    }
}

// MARK: What forges and CI services offer

extension PlaceDesk {
    /// What the service has, and a directory for its pipeline's own step where that is closed.
    private var own: [any ArtifactPlace] {
        guard let service = CIServices.named(context.service) else { return [] }
        let places = service.artifacts.place.map(offered) ?? []
        guard places.allSatisfy({ $0 is ClosedPlace }) else { return places }
        return places + [pipeline(surroundings.workingDirectory.pushing(PlaceName.pipelineDirectory))]
    }

    private func offered(_ name: String) -> [any ArtifactPlace] {
        if let forge = ArtifactOffers.forge(offering: name, preferred: context.repository.forge),
            let offer = forge.artifacts
        {
            return [place(of: forge, offer)]
        }
        guard let service = ArtifactOffers.service(offering: name), let offer = service.artifacts.offer else {
            return []
        }
        return places(of: service, offer)
    }

    private func place(of forge: Forge, _ offer: ArtifactOffer) -> any ArtifactPlace {
        switch offer.shelf.flatMap({ forge.connect(access(writesAtOnce: 1)).shelves[$0] }) {
        case .open(let shelf): ShelfPlace(shelf, offer)
        case .closed(let obstacle): ClosedPlace(title: offer.title, obstacle)
        case nil: ClosedPlace(title: offer.title, reason: "\(forge.title) has none")
        }
    }

    /// By the service's API, and by a line of its log where that is closed or refuses.
    private func places(of service: CIService, _ offer: ArtifactOffer) -> [any ArtifactPlace] {
        guard context.service == service.id else {
            return [ClosedPlace(title: offer.title, reason: "this is no job of \(service.title)")]
        }
        let hasLog = service.log.features.contains(.artifacts)
        // The agent itself sends two at a time.
        switch service.api?.connect(access(writesAtOnce: 2)).container {
        case nil: return hasLog ? [announced(by: service, title: offer.title)] : []
        case .open(let container):
            return [ShelfPlace(container, offer)] + (hasLog ? [announced(by: service, title: Self.log(offer))] : [])
        case .closed(let obstacle):
            return [ClosedPlace(title: offer.title, obstacle, hasSubstitute: hasLog)]
                + (hasLog ? [announced(by: service, title: Self.log(offer))] : [])
        }
    }

    private static func log(_ offer: ArtifactOffer) -> String { "\(offer.title) by a line of the log" }

    private func access(writesAtOnce: Int) -> APIAccess {
        APIAccess(
            context: context, environment: surroundings.environment, files: surroundings.files,
            exchange: exchange(writesAtOnce: writesAtOnce))
    }

    private func announced(by service: CIService, title: String) -> AnnouncedPlace {
        let console = console
        return AnnouncedPlace(
            title: title,
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

    private func bucket(_ address: S3Address) -> any ArtifactPlace {
        let exchange = exchange(writesAtOnce: 4)
        let chain = AWSKeyChain(environment: surroundings.environment, files: surroundings.files, exchange: exchange)
        do throws(AWSKeyChain.Missing) {
            return S3Place(
                client: S3Client(
                    address, keys: try chain.keys(for: address), exchange: exchange, files: surroundings.files))
        } catch {
            return ClosedPlace(title: address.title, reason: error.description)
        }
    }
}

/// A place that this build cannot open.
struct ClosedPlace: ArtifactPlace {
    let title: String
    let reason: String
    /// Whether another place of the same service takes what this one would have, and nobody need be told.
    let hasSubstitute: Bool

    init(title: String, reason: String) {
        self.title = title
        self.reason = reason
        hasSubstitute = false
    }

    init(title: String, _ obstacle: Obstacle, hasSubstitute: Bool = false) {
        self.title = title
        reason = "\(obstacle.reason): \(obstacle.advice)"
        self.hasSubstitute = hasSubstitute
    }

    var form: PlaceForm { .files }
    var limits: PlaceLimits { PlaceLimits() }

    func put(
        _ parcel: Parcel, resuming ticket: String?, note: @escaping @Sendable (String) -> Void
    ) async throws(PlaceError) -> String? {
        throw PlaceError(.unavailable, reason)
    }
}
