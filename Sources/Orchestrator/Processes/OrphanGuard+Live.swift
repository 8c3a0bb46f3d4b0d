import CICore
import CSpawn
import Synchronization
import SystemPackage

#if canImport(Glibc)
    import Glibc
#elseif canImport(Darwin)
    import Darwin
#endif

/// Sees to it that nothing that a run started outlives it, whatever becomes of dt-ci and whatever the tests do.
///
/// Three nets: the process group of each batch; the mark `DTCI_RUN_ID=…` in the environment, by which processes that left
/// their group are found (and, on Linux, their being adopted by dt-ci); and a watchdog process that does both when dt-ci
/// was killed. A process that leaves its group *and* clears its environment while dt-ci is killed is out of reach.
final class OrphanGuard: Sendable {
    /// The variable that every child of a run has.
    static let variable = "DTCI_RUN_ID"

    private static let grace = Duration.milliseconds(500)
    private static let killTime = Duration.seconds(2)

    private let mark: String
    private let dog: Watchdog
    private let freeSlots = Mutex(Array((0..<Int32(DTCI_WATCHDOG_SLOTS)).reversed()))

    /// Starts the watchdog; `nil` if the system has no room for it.
    init?(run: RunID) {
        mark = "\(Self.variable)=\(run)"
        guard let dog = Watchdog(mark: mark) else { return nil }
        self.dog = dog
    }

    /// The watchdog's slot of a group; `nil` if there are more groups than slots.
    func enroll(_ group: pid_t) -> Int32? {
        let slot = freeSlots.withLock { $0.popLast() }
        if let slot { dog.note(group, in: slot) }
        return slot
    }

    /// After the group has ended.
    func dismiss(_ slot: Int32?) {
        OwnChildren.reapAdopted()
        guard let slot else { return }
        dog.note(0, in: slot)
        freeSlots.withLock { $0.append(slot) }
    }

    /// Ends what carries the run's mark or was adopted; blocks for as long as that takes.
    ///
    /// A process whose group a thread of ours supervises is left to that thread.
    func endStragglers() -> [Straggler] {
        OwnChildren.reapAdopted()
        var seen: [pid_t: Straggler] = [:]
        let start = ContinuousClock.now
        while ContinuousClock.now - start < Self.killTime {
            let remaining = stragglers()
            if remaining.isEmpty { break }
            let isLate = ContinuousClock.now - start > Self.grace
            for process in remaining {
                if seen[process] == nil {
                    seen[process] = Straggler(processID: process, name: Self.name(of: process))
                    _ = kill(process, SIGTERM)
                    _ = kill(process, SIGCONT)
                } else if isLate {
                    _ = kill(process, SIGKILL)
                }
            }
            usleep(10_000)
            OwnChildren.reapAdopted()
        }
        return seen.values.sorted { $0.processID < $1.processID }
    }

    private func stragglers() -> [pid_t] {
        var found = [pid_t](repeating: 0, count: 4096)
        let count = Int(dtci_find_processes(mark, getpid(), &found, Int32(found.count)))
        return found[..<count].filter { process in
            process != dog.process && !OwnChildren.contains(process) && !OwnChildren.contains(getpgid(process))
        }
    }

    private static func name(of process: pid_t) -> String {
        // A process that ended meanwhile has no name any more.
        let text = try? LocalFileSystem().text(of: FilePath("/proc/\(process)/comm"))
        return text.map { String($0.prefix { $0 != "\n" }) } ?? "process"
    }
}

/// The process that waits for the end of dt-ci.
private final class Watchdog: Sendable {
    /// Never changed after the start; the slots in its shared memory are written atomically.
    private nonisolated(unsafe) var dog = dtci_watchdog()

    init?(mark: String) {
        let code = OwnChildren.note { dtci_watchdog_start(&dog, mark) == 0 ? dog.pid : 0 }
        guard code > 0 else { return nil }
    }

    deinit {
        _ = OwnChildren.forget(dog.pid) {
            dtci_watchdog_end(&dog)
            return 0
        }
    }

    var process: pid_t { dog.pid }

    func note(_ group: pid_t, in slot: Int32) { dtci_watchdog_note(&dog, slot, group) }
}
