import Testing

@testable import Orchestrator

struct ServiceTimelineTests {
    private func job(_ duration: Int64, lot: Int = 0, limit: Int? = nil, serial: Bool = false) -> ServiceTimeline.Job {
        ServiceTimeline.Job(duration: duration, lot: lot, limit: limit, isSerial: serial)
    }

    @Test func `a free slot takes the next job`() {
        #expect(ServiceTimeline([job(5), job(3), job(2), job(4)], slots: 2).end() == 9)
        #expect(ServiceTimeline([job(5)], slots: 8).end() == 5)
        #expect(ServiceTimeline([], slots: 2).end() == 0)
    }

    @Test func `serial jobs take the time of the whole node`() {
        #expect(ServiceTimeline([job(5), job(5), job(2, serial: true), job(3, serial: true)], slots: 2).end() == 10)
    }

    @Test func `a limited suite leaves slots to the others`() {
        let jobs = [job(4, limit: 1), job(4, limit: 1), job(3, lot: 1), job(3, lot: 1)]
        #expect(ServiceTimeline(jobs, slots: 2).end() == 8)
        #expect(ServiceTimeline([job(4, limit: 1), job(4, limit: 1)], slots: 8).end() == 8)
    }
}
