import Testing

@testable import CIProviders

/// What every forge and CI service that offers a place for artifacts must hold to.
@Suite struct ArtifactOfferTests {
    @Test(arguments: Forges.all.filter { $0.artifacts != nil }.map(\.id))
    func `a forge's place is one of its shelves`(id: String) throws {
        let forge = try #require(Forges.named(id))
        let offer = try #require(forge.artifacts)
        #expect(forge.capabilities.contains(try #require(offer.shelf)))
        for name in offer.names { #expect(ArtifactOffers.forge(offering: name, preferred: id)?.id == id) }
        #expect(ArtifactOffers.forge(offering: offer.names[0], preferred: nil)?.id == id)
    }

    @Test(arguments: CIServices.all.filter { $0.artifacts.offer != nil }.map(\.id))
    func `a service's place is filled by its log or its API`(id: String) throws {
        let service = try #require(CIServices.named(id))
        let offer = try #require(service.artifacts.offer)
        #expect(offer.shelf == nil)
        #expect(service.log.features.contains(.artifacts) || service.api?.capabilities.contains(.artifacts) == true)
        for name in offer.names { #expect(ArtifactOffers.service(offering: name)?.id == id) }
    }

    @Test(arguments: CIServices.all.compactMap(\.artifacts.place))
    func `the place that auto means is one that there is`(place: String) {
        #expect(ArtifactOffers.names.contains(place))
    }

    @Test func `no name means two things`() {
        let usual = Forges.all.compactMap { $0.artifacts?.names.first }
        let services = CIServices.all.compactMap(\.artifacts.offer).flatMap(\.names)
        #expect(Set(usual + services).count == usual.count + services.count)
        let reserved: Set = ["auto", "pipeline", "s3"]
        #expect(reserved.isDisjoint(with: ArtifactOffers.names))
        #expect(ArtifactOffers.names.allSatisfy { !$0.contains("/") && !$0.contains(":") && !$0.isEmpty })
    }
}
