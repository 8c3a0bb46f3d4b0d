import CICore
import SystemPackage
import Testing

import struct FoundationEssentials.Date

@testable import Orchestrator

struct BundleJoinTests {
    private static let build = BundleJoin.Build(service: "github-actions", run: "7", commit: "aaaaaaaa")

    /// A bundle of node `index` of three.
    private static func bundle(
        _ index: Int, of total: Int = 3, run: String? = "7", attempt: Int = 1, commit: String? = "aaaaaaaa",
        plan: String = "p", created: Double = 0, at path: String? = nil
    ) -> FoundBundle {
        guard let position = NodePosition(index: index, total: total) else { preconditionFailure("no such node") }
        return FoundBundle(
            path: .init(path ?? "/b/\(index)-\(run ?? "")-\(attempt)-\(plan)-\(created)"),
            manifest: BundleManifest(
                plan: plan, position: position,
                origin: .init(service: "github-actions", run: run, attempt: attempt, job: nil, commit: commit),
                time: .init(
                    started: Date(timeIntervalSince1970: created), created: Date(timeIntervalSince1970: created),
                    duration: .seconds(1)),
                work: .init(hardware: "h")))
    }

    @Test func `bundles of one run are one run, whatever their order`() {
        let bundles = [Self.bundle(0), Self.bundle(2), Self.bundle(1), Self.bundle(1, attempt: 2, created: 1)]
        let expected = BundleJoin(bundles, of: Self.build)
        #expect(expected.run?.nodes.map(\.count) == [1, 2, 1])
        #expect(expected.run?.nodes[1].map(\.attempt) == [1, 2])
        for _ in 0..<10 {
            let join = BundleJoin(bundles.shuffled(), of: Self.build)
            #expect(join.run == expected.run)
            #expect(join.refused == expected.refused)
        }
    }

    @Test(arguments: [
        (bundle(1, run: "6"), "another run (github-actions run 6; this is github-actions run 7)"),
        (bundle(1, run: nil), "another run (github-actions run without an id"),
        (bundle(1, commit: "bbbbbbbb"), "another commit (bbbbbbbb instead of aaaaaaaa)"),
        (bundle(1, plan: "q", created: -1), "another plan (q instead of p)"),
        (bundle(1, of: 4, created: -1), "another plan"),
    ]) func `what is of something else is refused by name, with the reason and what to do`(
        other: FoundBundle, words: String
    ) {
        let join = BundleJoin([Self.bundle(0), other, Self.bundle(2)], of: Self.build)
        #expect(join.refused.count == 1)
        #expect(join.refused.first?.hasPrefix(other.path.string) == true)
        #expect(join.refused.first?.contains(words) == true, "\(join.refused)")
        #expect(join.refused.first?.contains("; ") == true)
        #expect(join.run?.missing == [1])
    }

    @Test func `outside of a CI service the newest bundle says which run it is`() {
        let bundles = [
            Self.bundle(0, run: nil, created: 5), Self.bundle(0, run: nil, plan: "old"), Self.bundle(1, run: nil),
        ]
        let join = BundleJoin(bundles, of: BundleJoin.Build())
        #expect(join.run?.plan == "p")
        #expect(join.run?.missing == [2])
        #expect(join.refused.count == 1)
    }

    @Test func `a bundle that was unpacked twice counts once`() {
        let join = BundleJoin([Self.bundle(0, at: "/a"), Self.bundle(0, at: "/z")], of: Self.build)
        #expect(join.run?.nodes[0].map(\.path) == ["/a"])
        #expect(join.refused.isEmpty)
    }

    @Test func `no bundle is no run`() { #expect(BundleJoin([], of: Self.build).run == nil) }
}
