/// What happens on a node whose slots take batches in order, if every duration is as given.
struct ServiceTimeline {
    /// One batch as the timeline sees it; times are microseconds.
    struct Job {
        var duration: Int64
        /// Jobs of the same lot count against its limit.
        var lot: Int
        /// At most so many of the lot at once.
        var limit: Int?
        var isSerial: Bool
    }

    private let jobs: [Job]
    private let slots: Int

    init(_ jobs: [Job], slots: Int) {
        self.jobs = jobs
        self.slots = slots
    }

    /// When the last job has ended.
    func end() -> Int64 {
        let parallel = jobs.filter { !$0.isSerial }
        let alone = jobs.reduce(0) { $0 + ($1.isSerial ? $1.duration : 0) }
        let isLimited = parallel.contains { ($0.limit ?? slots) < slots }
        return (isLimited ? limitedEnd(of: parallel) : freeEnd(of: parallel)) + alone
    }

    private func freeEnd(of jobs: [Job]) -> Int64 {
        var free = LaneHeap(loads: [Int64](repeating: 0, count: slots))
        var end: Int64 = 0
        for job in jobs {
            end = max(end, free.least + job.duration)
            _ = free.add(job.duration)
        }
        return end
    }

    /// A slot takes the first job whose lot is below its limit.
    private func limitedEnd(of jobs: [Job]) -> Int64 {
        var waiting = Array(jobs.indices)
        var running: [(end: Int64, job: Int)] = []
        var now: Int64 = 0
        while true {
            var free = slots - running.count
            waiting.removeAll { index in
                guard free > 0, isBelowLimit(jobs[index], jobs, running) else { return false }
                running.append((now + jobs[index].duration, index))
                free -= 1
                return true
            }
            guard let next = running.map(\.end).min() else { return now }
            now = next
            running.removeAll { $0.end <= now }
        }
    }

    private func isBelowLimit(_ job: Job, _ jobs: [Job], _ running: [(end: Int64, job: Int)]) -> Bool {
        guard let limit = job.limit else { return true }
        return running.count { jobs[$0.job].lot == job.lot } < max(1, limit)
    }
}
