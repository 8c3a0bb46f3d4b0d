package import CICore

/// What a node answers for at the end of a shared run.
package struct SharedOutcome: Sendable {
    /// All of it, as of one run.
    package private(set) var state: RunState
    /// The batches whose results are in it, with the parts of those that were cut.
    package private(set) var batches: [BatchID] = []
    /// What nobody can say because the queue was lost; a sentence.
    package private(set) var unknown: String?
    /// The numbers of the batches.
    package private(set) var numbers: Set<Int> = []
    private let work: SharedWork

    /// - Parameters:
    ///   - serving: what was run here.
    ///   - held: the numbers of the batches that the node answers for; `nil` = the queue does not say.
    ///   - work: what the run is made of.
    package init(_ serving: SharedServing, held: Set<Int>?, work: SharedWork) {
        self.work = work
        state = RunState(
            planned: [], suites: work.suites, settings: work.settings, quarantine: work.quarantine)
        if let stop = serving.stop { state.end(because: stop) }
        let counting = serving.books.filter { held?.contains($0.key) ?? true || !$0.value.isConfirmed }
        for (number, book) in counting.sorted(by: { $0.key < $1.key }) {
            state.absorb(book.state)
            batches.append(book.batch)
            numbers.insert(number)
        }
        guard let loss = serving.loss else { return }
        let open = serving.books.values.count { !$0.isConfirmed }
        unknown =
            "the queue was lost (\(loss)); "
            + (open > 0
                ? "results of \(counted(open, "batch", "batches")) could not be handed in and are kept here, " : "")
            + "and what became of the rest of the run is unknown here"
    }

    /// Answers for what others left.
    package mutating func adopt(_ orphans: [Orphan]) {
        for orphan in orphans where numbers.insert(orphan.number).inserted {
            let units = orphan.batch.units.compactMap { work.units[$0] }
            switch orphan.ending {
            case .done(let results):
                let found = SharedResults.read(results)
                state.adopt(units, tests: found.tests, lost: found.lost)
            case .givenUp(let deaths):
                let words = "\(counted(deaths, "worker")) died while this ran, at last alone"
                state.bury(
                    units,
                    Attempt(outcome: .errored, duration: .zero, reason: .init(type: "Crash", message: words)))
            }
            batches.append(orphan.batch.id)
        }
    }
}
