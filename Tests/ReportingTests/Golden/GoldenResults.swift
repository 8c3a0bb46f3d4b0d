import CICore
import Foundation
import Testing

/// Results that golden files are made of.
enum GoldenResults: String, CaseIterable, CustomTestStringConvertible {
    /// Every section there is, and names that mean something to every sink.
    case rich
    /// One test that passed and one that failed, without history.
    case tiny
    /// No test at all.
    case none

    var testDescription: String { rawValue }

    var value: RunResults {
        switch self {
        case .rich: Self.richResults
        case .tiny:
            RunResults(
                tests: [
                    Self.test("test_adds", [.init(outcome: .passed, duration: .milliseconds(12))]),
                    Self.test("test_divides", [Self.failure("ZeroDivisionError", "division by zero")]),
                ], duration: .milliseconds(310))
        case .none: RunResults(tests: [])
        }
    }

    static let day = Date(timeIntervalSince1970: 1_771_286_400)
    static let hostile = "<b>@team #12</b> | `x` ::error::y ##vso[task.complete] 🧪\u{202E}\u{1B}[31m"

    private static func test(
        _ name: String, in file: String = "tests/test_calc.py", suite: SuiteName = "unit", line: Int? = 7,
        _ attempts: [Attempt], attachments: [String] = []
    ) -> TestRecord {
        TestRecord(
            id: TestID(suite: suite, selector: "\(file)::\(name)"),
            identity: TestIdentity(
                suite: suite, className: "calc.Calc", name: name,
                location: CICore.SourceLocation(file: file, line: line)), container: file, attempts: attempts,
            attachments: attachments)
    }

    private static func failure(
        _ type: String, _ message: String, _ details: String = "", outcome: Outcome = .failed,
        seconds: Double = 0.25, output: String? = nil
    ) -> Attempt {
        Attempt(
            outcome: outcome, duration: .seconds(seconds),
            reason: .init(type: type, message: message, details: details), output: output)
    }

    private static var tests: [TestRecord] {
        let trace = "tests/test_calc.py:7: in test_new\n    assert add(1, 1) == 3\nE   assert 2 == 3"
        let passed = Attempt(outcome: .passed, duration: .milliseconds(40))
        return [
            test("test_adds", [passed]),
            test(
                "test_new", [failure("AssertionError", "assert 2 == 3", trace, output: "\u{1B}[31mred\u{1B}[0m")],
                attachments: ["shots/screen.png", "../secret"]),
            test(hostile, [failure("Error", hostile, "```\n\(hostile)\n<script>alert(1)</script>")]),
            test("test_old", [failure("TimeoutError", "took too long", seconds: 31)]),
            test("test_fixture", [failure("OSError", "no such device", outcome: .errored)]),
            test("test_excused", [failure("AssertionError", "known to be broken")]),
            test("test_shaky", [failure("ConnectionError", "refused"), passed]),
            test("test_fixed", [passed]),
            test("test_skipped", [.init(outcome: .skipped, reason: .init(message: "no GPU"))]),
            test("test_slow", suite: "gpu", [.init(outcome: .passed, duration: .seconds(75))]),
            test("test_\(String(repeating: "long_", count: 70))", suite: "gpu", [passed]),
        ]
    }

    private static func id(_ name: String) -> TestID { TestID("unit::tests/test_calc.py::\(name)") }

    private static var richResults: RunResults {
        var results = RunResults(
            tests: tests, duration: .seconds(130),
            files: [
                .init(path: "a.xml", totals: Totals(counts: [.passed: 7, .failed: 4], flaky: 1, attempts: 12)),
                .init(path: "b|\(hostile).xml", totals: Totals(), warning: "is empty"),
            ], warnings: ["b.xml: is empty", hostile])
        results.completeness = Completeness(
            ran: 9, skipped: 1, quarantined: 1, lost: ["gpu::tests/test_gpu.py::test_lost", TestID("gpu::\(hostile)")])
        results.verdict = .init(
            exitCode: .infrastructure, reason: "2 tests are lost: node 3 left no results",
            quarantined: [id("test_excused")])
        results.comparison = comparison
        results.timeline = [
            span(1, node: 0, slot: 0, from: 0, for: 60, tests: 4, failed: 3),
            span(2, node: 0, slot: 1, from: 1, for: 31, tests: 2, failed: 2),
            span(3, node: 1, slot: 0, from: 2, for: 120, tests: 5, failed: 0),
        ]
        results.nodes = [
            NodeRecord(index: 0, hardware: "linux-x86_64-2cpu"),
            NodeRecord(index: 1, hardware: "linux-aarch64-8cpu-gpu"), NodeRecord(index: 2, hardware: nil, lost: 2),
            NodeRecord(index: 3, hardware: "linux-x86_64-2cpu"),
        ]
        results.background = [
            id("test_new"): .init(
                past: [.passed, .passed, .passed], command: "pytest tests/test_calc.py::test_new",
                owners: ["@acme/calc", "dev@example.com"]),
            id(hostile): .init(owners: [hostile, "@a", "@b", "@c", "@d", "@e", "@f"]),
            id("test_old"): .init(
                past: [.passed, .failed, .failed], command: "cd sub && pytest tests/test_calc.py::test_old"),
            id("test_shaky"): .init(past: [.passed, .failed, .skipped, .flaky, .passed]),
        ]
        results.artifacts = [
            RunArtifact(
                name: "core.dump", path: "artifacts/core.dump", mediaType: "application/octet-stream", size: 1_234_567),
            RunArtifact(
                name: "report.html", path: "report.html", mediaType: "text/html", size: 48_100,
                places: [
                    .init(title: "GitHub artifacts", url: "https://github.example.com/acme/app/runs/7/artifacts/9"),
                    .init(title: "s3://bucket/\(hostile)"),
                ]),
            RunArtifact(
                name: "screen.png", test: id("test_new"), path: "shots/screen.png", mediaType: "image/png",
                size: 20_480, places: [.init(title: "downloads", url: "https://files.example.com/a?b=1&c=(2)")]),
        ]
        return results
    }

    private static var comparison: Comparison {
        var comparison = Comparison(
            point: .init(choice: .mergeBase, commit: "0123456789abcdef", branch: "main", at: day))
        comparison.newFailures = [id("test_new"), id(hostile), id("test_fixture")]
        comparison.stillFailing = [
            id("test_old"): .init(commit: "fedcba9876543210", at: day.addingTimeInterval(-864_000), runs: 14),
            id("test_excused"): .init(commit: nil, at: day.addingTimeInterval(-86_400), runs: 2),
        ]
        comparison.fixed = [id("test_fixed")]
        comparison.newlySkipped = [id("test_skipped")]
        comparison.removed = [id("test_gone"), TestID("unit::\(hostile)")]
        comparison.slower = [
            .init(test: "gpu::tests/test_calc.py::test_slow", before: .seconds(20), now: .seconds(75))
        ]
        return comparison
    }

    private static func span(
        _ number: Int, node: Int, slot: Int, from start: Double, for seconds: Double, tests: Int, failed: Int
    ) -> BatchSpan {
        BatchSpan(
            batch: BatchID("b\(number)"), suite: number == 3 ? "gpu" : "unit", place: .init(node: node, slot: slot),
            start: .seconds(start), duration: .seconds(seconds), count: .init(tests: tests, failed: failed))
    }
}
