import CICore

/// One test of which only the count is kept.
struct CountedTest {
    var identity: UInt64
    var outcome: Outcome
    /// Whether an attempt failed, whatever the outcome.
    var hasFailed: Bool
    var attempts: Int
}

/// Counts tests in bounded memory, with the same rule for repeated identities as `TestCollector`: attempts of one test
/// if any of them passed, else tests of their own.
///
/// 16 bytes a test. Past `memoryLimit` tests they are thrown on one of 256 heaps of a temporary file by their hash, so
/// that equal ones meet in the same heap and each heap fits into memory alone.
struct TestTally {
    private var records: [Record] = []
    private var spill: TallySpill?
    /// Set when the temporary file could not be written: from then on memory has to do.
    private var staysInMemory = false
    private let memoryLimit: Int
    private let temporaryDirectory: String

    init(memoryLimit: Int = 1 << 17, temporaryDirectory: String = "/tmp") {
        self.memoryLimit = memoryLimit
        self.temporaryDirectory = temporaryDirectory
    }

    /// A test in 16 bytes.
    struct Record {
        var identity: UInt64
        /// Outcome in bits 0 and 1, `hasFailed` in bit 2, the attempts above.
        var word: UInt64
    }

    mutating func add(_ test: CountedTest) {
        records.append(Record(test))
        if records.count >= memoryLimit, !staysInMemory { flush() }
    }

    /// The counts of all that was added.
    consuming func totals() -> Totals {
        guard spill != nil else { return TallyGroups.totals(of: records) }
        flush()
        guard let spill else { return TallyGroups.totals(of: records) }
        var sum = Totals()
        var leftOver: [[Record]] = []
        if !records.isEmpty {
            leftOver = .init(repeating: [], count: TallySpill.heapCount)
            for record in records { leftOver[TallySpill.heap(of: record)].append(record) }
        }
        for heap in 0..<TallySpill.heapCount {
            var group = spill.records(of: heap)
            if !leftOver.isEmpty { group += leftOver[heap] }
            sum.add(TallyGroups.totals(of: group))
        }
        return sum
    }

    private mutating func flush() {
        if spill == nil { spill = TallySpill(in: temporaryDirectory) }
        guard let spill, spill.append(records) else {
            staysInMemory = true
            return
        }
        records.removeAll(keepingCapacity: true)
    }
}

extension TestTally.Record {
    init(_ test: CountedTest) {
        identity = test.identity
        let failed: UInt64 = test.hasFailed || test.outcome.isFailure ? 4 : 0
        word = UInt64(max(1, test.attempts)) << 3 | failed | Self.code(of: test.outcome)
    }

    var outcome: Outcome {
        switch word & 3 {
        case 0: .passed
        case 1: .skipped
        case 2: .failed
        default: .errored
        }
    }

    var hasFailed: Bool { word & 4 != 0 }

    var attempts: Int { Int(word >> 3) }

    private static func code(of outcome: Outcome) -> UInt64 {
        switch outcome {
        case .passed: 0
        case .skipped: 1
        case .failed: 2
        case .errored: 3
        }
    }
}

/// Counting records that may repeat.
enum TallyGroups {
    /// Open addressing over the records' hashes: one pass, no keys copied.
    static func totals(of records: [TestTally.Record]) -> Totals {
        let groups = grouped(records)
        var counts = [0, 0, 0, 0]
        var flaky = 0
        var attempts = 0
        for index in records.indices {
            let group = Int(groups.owner[index])
            let record = records[index]
            attempts += record.attempts
            if !groups.hasPass[group] {
                counts[Int(record.word & 3)] += 1
            } else if group == index {
                counts[0] += 1
                if groups.hasFailure[group] { flaky += 1 }
            }
        }
        let outcomes: [Outcome: Int] = [
            .passed: counts[0], .skipped: counts[1], .failed: counts[2], .errored: counts[3],
        ]
        return Totals(counts: outcomes.filter { $0.value > 0 }, flaky: flaky, attempts: attempts)
    }

    /// For each record the first one of the same identity, and for that one what the group came to.
    private struct Groups {
        var owner: [Int32]
        var hasPass: [Bool]
        var hasFailure: [Bool]
    }

    private static func grouped(_ records: [TestTally.Record]) -> Groups {
        var capacity = 16
        while capacity < records.count * 2 { capacity *= 2 }
        var slots = [Int32](repeating: -1, count: capacity)
        var groups = Groups(
            owner: .init(repeating: 0, count: records.count), hasPass: .init(repeating: false, count: records.count),
            hasFailure: .init(repeating: false, count: records.count))
        for index in records.indices {
            let record = records[index]
            var slot = Int(truncatingIfNeeded: record.identity) & (capacity - 1)
            while slots[slot] >= 0, records[Int(slots[slot])].identity != record.identity {
                slot = (slot + 1) & (capacity - 1)
            }
            if slots[slot] < 0 { slots[slot] = Int32(index) }
            let owner = Int(slots[slot])
            groups.owner[index] = Int32(owner)
            if record.outcome == .passed { groups.hasPass[owner] = true }
            if record.hasFailed { groups.hasFailure[owner] = true }
        }
        return groups
    }
}
