import CICore
import Testing

@testable import Artifacts

@Suite struct UploadLadderTests {
    private static let rungs = [
        UploadLadder.Rung(title: "first", form: .files, limits: PlaceLimits(fileSize: 2_500_000_000)),
        .init(title: "second", form: .archive(hasManifest: false), limits: PlaceLimits(fileSize: 3_000, artifacts: 2)),
        .init(title: "third", form: .files, limits: PlaceLimits()),
    ]
    private let small = UploadLadder.Freight(total: 10, largestPath: "a", largestSize: 10)

    @Test func `the first place is offered everything, the next what it did not take`() {
        let ladder = UploadLadder(Self.rungs)
        #expect(ladder.step(at: 0, for: small) == .offer(0))
        #expect(ladder.step(at: 1, for: small) == .offer(1))
        #expect(ladder.step(at: 3, for: small) == .keep)
        #expect(UploadLadder([]).step(at: 0, for: small) == .keep)
    }

    @Test func `a place that refused one artifact is offered the next, one that is gone is not`() {
        var ladder = UploadLadder(Self.rungs)
        ladder.failed(0, PlaceError(.refused, "not this one"))
        #expect(ladder.step(at: 0, for: small) == .offer(0))
        ladder.failed(0, PlaceError(.unavailable, "no answer"))
        #expect(ladder.step(at: 0, for: small) == .pass(0, "no answer"))
    }

    @Test func `limits are said before anything is sent`() {
        var ladder = UploadLadder(Self.rungs)
        let large = UploadLadder.Freight(total: 4_000_000_000, largestPath: "a.img", largestSize: 3_100_000_000)
        #expect(
            ladder.step(at: 0, for: large) == .pass(0, "a.img has 3.10 GB, and first takes files of up to 2.50 GB"))
        #expect(ladder.step(at: 1, for: large) == .pass(1, "it has 4.00 GB, and second takes files of up to 3.00 kB"))
        #expect(ladder.step(at: 2, for: large) == .offer(2))
        ladder.took(1)
        #expect(ladder.step(at: 1, for: small) == .offer(1))
        ladder.took(1)
        #expect(ladder.step(at: 1, for: small) == .pass(1, "second takes 2 artifacts of a job and has them"))
    }
}
