import CICore
import SystemPackage
import Testing

@testable import TestHistory

/// Machines that runs took place on.
@Suite struct StoredMachineTests {
    private static func run(_ number: Int, _ machines: [Int: MachineProfile], on hardware: HardwareClass = "x")
        -> HistoricalRun
    {
        var run = Sample.run(number, tests: [Sample.test("a", (.passed, .seconds(1)))])
        run.parts.nodes = machines.sorted { $0.key < $1.key }.map { index, machine in
            .init(NodeRecord(index: index, hardware: hardware), batches: 1, busy: .seconds(1), machine: machine)
        }
        return run
    }

    private static func machine(_ print: String, labels: String = "", host: String = "h", text: String = "{}")
        -> MachineProfile
    {
        MachineProfile(fingerprint: print, labels: labels, host: host, document: text)
    }

    @Test(arguments: StoreUnderTest.all)
    func `equal machines are one, as it was last seen`(store: StoreUnderTest) async throws {
        try await store.fresh { store in
            try store.record(
                Self.run(2, [0: Self.machine("a", host: "new"), 1: Self.machine("a", labels: "gpu")], on: "two"))
            try store.record(Self.run(1, [0: Self.machine("a", host: "old")], on: "one"))
            let machines = try store.machines()
            #expect(machines.map(\.profile.labels) == ["", "gpu"])
            #expect(machines.map(\.profile.host) == ["new", "h"])
            #expect(machines.map(\.runs) == [2, 1])
            #expect(machines.map(\.hardware) == ["two", "two"])
            #expect(machines.first?.seenAt == Sample.time(2))
        }
    }

    @Test(arguments: StoreUnderTest.all)
    func `a machine goes with its last run`(store: StoreUnderTest) async throws {
        try await store.fresh { store in
            try store.record(Self.run(1, [0: Self.machine("a")]))
            try store.record(Self.run(2, [0: Self.machine("b")]))
            _ = try store.prune(HistoryPolicy(runs: 1))
            #expect(try store.machines().map(\.profile.fingerprint) == ["b"])
        }
    }

    @Test(arguments: StoreUnderTest.all)
    func `hostile texts are kept, a document of megabytes is not`(store: StoreUnderTest) async throws {
        try await store.fresh { store in
            let huge = String(repeating: "x", count: 2 << 20)
            let odd = Self.machine("a\u{0}b", labels: "x='\";--", host: "h\u{0}", text: "{\"é\":\"\u{202e}\"}")
            try store.record(Self.run(1, [0: odd, 1: Self.machine("b", text: huge)]))
            #expect(try store.machines().map(\.profile.labels) == ["x='\";--"])
            var rows: [[ExportCell]] = []
            try store.export([.machines]) { _, cells in rows.append(cells) }
            #expect(rows.count == 1 && rows[0].count == ExportTable.machines.columns.count)
        }
    }
}
