import Artifacts
import CICore
import Synchronization

/// Reads many bundles, several at a time; each reader puts the tests on a shelf of its own.
struct ParallelReading {
    /// One bundle to be read.
    struct Task: Sendable {
        var node: Int
        var reader: BundleReader
        /// Of its tests.
        var group: Int
    }

    /// What a bundle had.
    struct Finding: Sendable {
        var reading: BundleReader.Reading
        var tests: TestShelf.Part
        /// Where the tests are.
        var shelf: Int
    }

    private let tasks: [Task]
    private let temporaryDirectory: String

    init(_ tasks: [Task], temporaryDirectory: String) {
        self.tasks = tasks
        self.temporaryDirectory = temporaryDirectory
    }

    /// The shelves, and what was found by node.
    func run(width: Int) async -> (shelves: [ShelvedTests], findings: [Int: Finding]) {
        let turns = Turns(tasks.count)
        return await withTaskGroup(of: (shelf: ShelvedTests, found: [Int: Finding], number: Int).self) { group in
            let count = min(max(1, width), tasks.count)
            for number in 0..<count {
                group.addTask {
                    var shelf = TestShelf(temporaryDirectory: temporaryDirectory)
                    var found: [Int: Finding] = [:]
                    while let turn = turns.take() {
                        let task = tasks[turn]
                        let reading = task.reader.results {
                            shelf.store($0, isQuarantined: $1, group: task.group)
                        }
                        found[task.node] = Finding(reading: reading, tests: shelf.take(), shelf: number)
                    }
                    return (shelf.finish(), found, number)
                }
            }
            var shelves = [ShelvedTests?](repeating: nil, count: count)
            var findings: [Int: Finding] = [:]
            for await (shelf, found, number) in group {
                shelves[number] = shelf
                findings.merge(found) { first, _ in first }
            }
            return (shelves.compactMap(\.self), findings)
        }
    }
}

/// Gives each number to one of those who ask.
private final class Turns: Sendable {
    private let next = Mutex(0)
    private let count: Int

    init(_ count: Int) { self.count = count }

    func take() -> Int? {
        next.withLock { next in
            guard next < count else { return nil }
            defer { next += 1 }
            return next
        }
    }
}
