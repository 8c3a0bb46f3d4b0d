#if canImport(Glibc)
    import Glibc
#elseif canImport(Darwin)
    import Darwin
#endif

/// Work on many things at once, whose results are taken in the order of the things.
struct OrderedWork<Input: Sendable, Output: Sendable> {
    /// How many are worked on at once.
    var workers = Self.processors
    /// Runs on any thread.
    let work: @Sendable (Input) throws(StoreError) -> Output
    /// How far a quick one may be ahead of the slowest.
    private let lead = 1024

    init(work: @escaping @Sendable (Input) throws(StoreError) -> Output) { self.work = work }

    private struct Finished: Sendable {
        let index: Int
        let result: Result<Output, StoreError>
    }

    /// Asks `next` until it gives `nil`, and hands over each result, one call at a time.
    ///
    /// - Throws: the first error of any of the three; everything that was begun has ended then.
    func run(
        next: () throws(StoreError) -> Input?, take: (Output) throws(StoreError) -> Void
    ) async throws(StoreError) {
        let failure: StoreError? = await withTaskGroup(of: Finished.self) { group in
            do throws(StoreError) {
                try await run(in: &group, next: next, take: take)
                return nil
            } catch {
                await group.waitForAll()
                return error
            }
        }
        if let failure { throw failure }
    }

    private func run(
        in group: inout TaskGroup<Finished>, next: () throws(StoreError) -> Input?,
        take: (Output) throws(StoreError) -> Void
    ) async throws(StoreError) {
        var waiting: [Int: Output] = [:]
        var (started, ended, taken) = (0, 0, 0)
        var isExhausted = false
        while true {
            while !isExhausted, started - ended < workers + 1, started - taken < lead {
                guard let input = try next() else {
                    isExhausted = true
                    break
                }
                let index = started
                started += 1
                group.addTask { Finished(index: index, result: result(of: input)) }
            }
            guard let finished = await group.next() else { return }
            ended += 1
            waiting[finished.index] = try finished.result.get()
            while let output = waiting.removeValue(forKey: taken) {
                taken += 1
                try take(output)
            }
        }
    }

    private func result(of input: Input) -> Result<Output, StoreError> {
        do throws(StoreError) {
            return .success(try work(input))
        } catch {
            return .failure(error)
        }
    }

    private static var processors: Int { max(1, Int(sysconf(Int32(_SC_NPROCESSORS_ONLN)))) }
}
