import FoundationEssentials
import Testing

@testable import Orchestrator

@Suite struct CalendarDayTests {
    @Test(arguments: ["2026-01-01", "2024-02-29", "2000-02-29", "1969-12-31", "0001-01-01"])
    func `a real day reads and prints as itself`(text: String) {
        #expect(CalendarDay(text)?.description == text)
    }

    @Test(arguments: [
        "", "2026", "2026-1-1", "2026-13-01", "2026-00-10", "2026-04-31", "2023-02-29", "1900-02-29", "2026-01-00",
        "26-01-01", "2026-01-01T00:00:00Z", "٢٠٢٦-01-01", "+026-01-01", "2026--1-01", "tomorrow",
    ])
    func `what is not a day of the calendar is refused`(text: String) {
        #expect(CalendarDay(text) == nil)
    }

    @Test(arguments: [
        (0.0, "1970-01-01"), (86_399.9, "1970-01-01"), (86_400, "1970-01-02"), (-1, "1969-12-31"),
        (951_782_400, "2000-02-29"), (1_774_915_200, "2026-03-31"), (4_107_542_400, "2100-03-01"),
    ])
    func `an instant falls on its day in UTC`(seconds: Double, day: String) {
        #expect(CalendarDay(Date(timeIntervalSince1970: seconds)).description == day)
    }

    @Test func `days compare by year, month and day`() throws {
        let days = try ["2025-12-31", "2026-01-01", "2026-01-02", "2026-02-01"].map { try #require(CalendarDay($0)) }
        #expect(days.shuffled().sorted() == days)
    }
}
