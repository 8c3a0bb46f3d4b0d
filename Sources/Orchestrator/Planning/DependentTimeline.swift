/// What happens on a node whose slots take batches in order, some of which wait for others or claim semaphores, if
/// every duration is as given; `BatchQueue` serves by the same rules.
struct DependentTimeline {
    /// One batch as the timeline sees it; times are microseconds.
    struct Job {
        var duration: Int64
        /// Jobs of the same suite count against its limit.
        var suite: Int
        var limit: Int?
        var isSerial: Bool
        var claims: [SemaphoreClaim]
        /// Earlier jobs that must have ended.
        var after: [Int]
    }

    private let jobs: [Job]
    private let slots: Int

    init(_ jobs: [Job], slots: Int) {
        self.jobs = jobs
        self.slots = slots
    }

    /// When the last job has ended.
    func end() -> Int64 {
        var state = State(jobs)
        var now: Int64 = 0
        while true {
            start(&state, now)
            guard let next = state.running.map(\.end).min() else { return now }
            now = next
            for entry in state.running where entry.end <= now { state.finish(jobs[entry.job], entry.job) }
            state.running.removeAll { $0.end <= now }
        }
    }

    private func start(_ state: inout State, _ now: Int64) {
        var free = slots - state.running.count
        var isFirst = true
        var isStopped = state.running.contains { jobs[$0.job].isSerial }
        var ready = state.ready
        ready.removeAll { index in
            guard free > 0, !isStopped else { return false }
            let job = jobs[index]
            if job.isSerial {
                // Once it is first in line, nothing overtakes what must run alone.
                guard isFirst else { return false }
                isStopped = true
                guard state.running.isEmpty else { return false }
            } else if !state.hasRoom(for: job) {
                isFirst = false
                return false
            }
            state.start(job)
            state.running.append((now + job.duration, index))
            free -= 1
            return true
        }
        state.ready = ready
    }

    private struct State {
        /// In the order of service.
        var ready: [Int]
        var running: [(end: Int64, job: Int)] = []
        private var missing: [Int]
        private var successors: [[Int]]
        private var suites: [Int: Int] = [:]
        private var taken: [String: Int] = [:]

        init(_ jobs: [Job]) {
            missing = jobs.map(\.after.count)
            successors = jobs.map { _ in [] }
            ready = jobs.indices.filter { jobs[$0].after.isEmpty }
            for (index, job) in jobs.enumerated() {
                for before in job.after { successors[before].append(index) }
            }
        }

        func hasRoom(for job: Job) -> Bool {
            if let limit = job.limit, suites[job.suite, default: 0] >= max(1, limit) { return false }
            return job.claims.allSatisfy { taken[$0.name, default: 0] + $0.count <= max($0.capacity, $0.count) }
        }

        mutating func start(_ job: Job) {
            suites[job.suite, default: 0] += 1
            for claim in job.claims { taken[claim.name, default: 0] += claim.count }
        }

        mutating func finish(_ job: Job, _ index: Int) {
            suites[job.suite, default: 0] -= 1
            for claim in job.claims { taken[claim.name, default: 0] -= claim.count }
            for next in successors[index] {
                missing[next] -= 1
                guard missing[next] == 0 else { continue }
                ready.insert(next, at: ready.firstIndex { $0 > next } ?? ready.endIndex)
            }
        }
    }
}
