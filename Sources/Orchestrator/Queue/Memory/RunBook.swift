import CICore

/// One run with all its batches and nodes, as values: what every kind of queue does, without I/O.
///
/// Time comes with each call, in milliseconds of the queue's clock.
package struct RunBook: Sendable {
    /// Where a batch is; the numbers are what databases store.
    package enum State: Int, Sendable, Hashable {
        case waiting = 0
        case leased = 1
        case done = 2
        /// Given up by name.
        case failed = 3
        case cancelled = 4
        /// Replaced by its parts.
        case cut = 5
    }

    /// Whether a node is there.
    package enum Presence: Int, Sendable, Hashable {
        case there = 0
        case sealed = 1
        case lost = 2
    }

    struct Entry: Sendable {
        var batch: SharedBatch
        var rank: Int
        var state = State.waiting
        /// Batches that have to end before.
        var needs: Set<Int> = []
        /// Who has it, or answers for its results.
        var holder: Int?
        var token = 0
        var deaths = 0
        var isIsolated = false
        /// Others get it first, until then.
        var shun: (node: Int, until: Int64)?
        var results = ""
    }

    struct Node: Sendable {
        var name: String
        var heard: Int64
        var presence = Presence.there
    }

    package let run: QueueRun
    private(set) var entries: [Entry]
    private(set) var nodes: [Node] = []
    private(set) var failures = 0
    private(set) var stopReason: String?
    private(set) var touched: Int64

    package init(_ run: QueueRun, batches: [SharedBatch], at now: Int64) {
        self.run = run
        touched = now
        let needs = QueueRules.needs(of: batches)
        entries = zip(batches, QueueRules.ranks(of: batches)).enumerated().map { index, pair in
            var batch = pair.0
            batch.after = []
            return Entry(batch: batch, rank: pair.1, needs: Set(needs[index]))
        }
    }

    private var patience: Int64 { run.patience.milliseconds }

    package mutating func join(as name: String, at now: Int64) -> QueueSeat {
        nodes.append(Node(name: name, heard: now))
        touched = now
        return QueueSeat(key: run.key, number: nodes.count - 1)
    }

    package mutating func lease(_ seat: QueueSeat, _ wish: LeaseWish, at now: Int64) -> [Lease] {
        // What a lost node took, nobody would take back from it.
        guard nodes[seat.number].presence == .there else { return [] }
        let free = entries.indices.filter { index in
            let entry = entries[index]
            return entry.state == .waiting && entry.needs.isEmpty
                && (wish.requirements?.contains(entry.batch.requirement) ?? true)
                && (!entry.isIsolated || (wish.isIdle && wish.count == 1))
                && (entry.shun.map { $0.node != seat.number || $0.until <= now } ?? true)
        }
        let chosen = free.sorted { (entries[$0].rank, $0) < (entries[$1].rank, $1) }.prefix(wish.count)
        return chosen.map { index in
            entries[index].state = .leased
            entries[index].holder = seat.number
            entries[index].token += 1
            return Lease(
                number: index, token: entries[index].token, batch: entries[index].batch,
                isIsolated: entries[index].isIsolated)
        }
    }

    package mutating func finish(_ seat: QueueSeat, _ ended: [EndedLease]) -> EndAnswer {
        var answer = EndAnswer(accepted: [])
        var failed = 0
        var new: Set<Int> = []
        for end in ended where answers(seat, end.lease) { answer.accepted.insert(end.lease.number) }
        for end in ended where holds(seat, end.lease) {
            entries[end.lease.number].state = .done
            new.insert(end.lease.number)
            entries[end.lease.number].results = end.results
            answer.accepted.insert(end.lease.number)
            failed += end.failed
        }
        failures += failed
        if failed > 0 { answer.failures = failures }
        unlock(new)
        return answer
    }

    package func leases(_ seat: QueueSeat) -> [Lease] {
        entries.indices.filter { holds(seat, $0) }.map { index in
            Lease(
                number: index, token: entries[index].token, batch: entries[index].batch,
                isIsolated: entries[index].isIsolated)
        }
    }

    package mutating func release(_ seat: QueueSeat, _ leases: [Lease]?, at now: Int64) {
        let named = leases.map { $0.filter { holds(seat, $0) }.map(\.number) }
        for index in named ?? entries.indices.filter({ holds(seat, $0) }) {
            apply(QueueRules.afterRelease(facts(index)), to: index, shunning: seat.number, at: now)
        }
    }

    package mutating func beat(_ seat: QueueSeat, at now: Int64) -> QueueProgress {
        touched = now
        nodes[seat.number].heard = now
        if nodes[seat.number].presence == .lost { nodes[seat.number].presence = .there }
        sweep(at: now)
        return progress
    }

    package mutating func stop(because reason: String) {
        guard stopReason == nil else { return }
        stopReason = reason
        for index in entries.indices where entries[index].state == .waiting { entries[index].state = .cancelled }
    }

    package mutating func seal(_ seat: QueueSeat) { nodes[seat.number].presence = .sealed }

    package mutating func adopt(_ seat: QueueSeat, knowing known: Set<Int>) -> [Orphan] {
        entries.indices.compactMap { index in
            guard isEnded(index) else { return nil }
            if entries[index].holder.map({ nodes[$0].presence == .lost }) ?? true {
                entries[index].holder = seat.number
            }
            let entry = entries[index]
            guard entry.holder == seat.number, !known.contains(index) else { return nil }
            return Orphan(
                number: index, batch: entry.batch,
                ending: entry.state == .done ? .done(results: entry.results) : .givenUp(deaths: entry.deaths))
        }
    }

    package func held(_ seat: QueueSeat) -> Set<Int> {
        Set(
            entries.indices.filter {
                entries[$0].holder == seat.number && isEnded($0)
            })
    }
}

extension RunBook {
    package var progress: QueueProgress {
        var progress = QueueProgress()
        for entry in entries {
            switch entry.state {
            case .waiting: progress.waiting += 1
            case .leased: progress.leased += 1
            case .done: progress.done += 1
            case .failed: progress.failed += 1
            case .cancelled: progress.cancelled += 1
            case .cut: break
            }
        }
        progress.nodes = nodes.count { $0.presence == .there }
        progress.stop = stopReason
        return progress
    }

    /// Takes back what nodes hold that were not heard of for too long.
    private mutating func sweep(at now: Int64) {
        for number in nodes.indices where nodes[number].presence == .there && nodes[number].heard < now - patience {
            nodes[number].presence = .lost
            let seat = QueueSeat(key: run.key, number: number)
            for index in entries.indices where holds(seat, index) {
                apply(QueueRules.afterDeath(facts(index)), to: index, shunning: number, at: now)
            }
        }
    }

    private mutating func apply(
        _ consequence: QueueRules.Consequence, to index: Int, shunning node: Int, at now: Int64
    ) {
        entries[index].holder = nil
        switch consequence {
        case .again(let deaths, let isIsolated):
            entries[index].state = stopReason == nil ? .waiting : .cancelled
            entries[index].rank = -1
            entries[index].deaths = deaths
            entries[index].isIsolated = isIsolated
            entries[index].shun = (node, now + patience)
        case .giveUp(let deaths):
            entries[index].state = .failed
            entries[index].deaths = deaths
            unlock([index])
        case .cut(let deaths):
            let parts = entries[index].batch.units.indices.map { entries[index].batch.part($0) }
            let numbers = entries.count..<(entries.count + parts.count)
            for part in parts {
                entries.append(
                    Entry(
                        batch: part, rank: -1, state: stopReason == nil ? .waiting : .cancelled, deaths: deaths,
                        isIsolated: true, shun: (node, now + patience)))
            }
            entries[index].state = .cut
            entries[index].deaths = deaths
            for other in entries.indices where entries[other].needs.remove(index) != nil {
                entries[other].needs.formUnion(numbers)
            }
        }
    }

    private mutating func unlock(_ ended: Set<Int>) {
        guard !ended.isEmpty else { return }
        for index in entries.indices where !entries[index].needs.isEmpty { entries[index].needs.subtract(ended) }
    }

    private func facts(_ index: Int) -> QueueRules.Facts {
        QueueRules.Facts(
            units: entries[index].batch.units.count, deaths: entries[index].deaths,
            isIsolated: entries[index].isIsolated)
    }

    private func isEnded(_ index: Int) -> Bool { entries[index].state == .done || entries[index].state == .failed }

    /// Whether its results are the node's, from this very lease.
    private func answers(_ seat: QueueSeat, _ lease: Lease) -> Bool {
        entries.indices.contains(lease.number) && entries[lease.number].state == .done
            && entries[lease.number].holder == seat.number && entries[lease.number].token == lease.token
    }

    private func holds(_ seat: QueueSeat, _ index: Int) -> Bool {
        entries[index].state == .leased && entries[index].holder == seat.number
    }

    private func holds(_ seat: QueueSeat, _ lease: Lease) -> Bool {
        entries.indices.contains(lease.number) && holds(seat, lease.number)
            && entries[lease.number].token == lease.token
    }
}

extension Duration {
    var milliseconds: Int64 { components.seconds * 1000 + components.attoseconds / 1_000_000_000_000_000 }
}
