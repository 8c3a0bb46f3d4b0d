import CICore
import CIProviders
import FoundationEssentials
import Reporting
import Testing

struct CommentMemoryTests {
    private static let start = Date(timeIntervalSince1970: 1_771_286_400)

    private func test(_ name: String, _ outcomes: Outcome...) -> TestRecord {
        TestRecord(
            id: TestID("unit::\(name)"), identity: TestIdentity(suite: "unit", className: "c", name: name),
            container: "c", attempts: outcomes.map { Attempt(outcome: $0, duration: .seconds(1)) })
    }

    private func point(_ commit: String, days: Double = 0) -> Baseline.Point {
        .init(choice: .comment, commit: commit, branch: "main", at: Self.start.addingTimeInterval(days * 86_400))
    }

    private func memory(_ results: RunResults, _ commit: String, key: String = "linux", days: Double = 0) throws
        -> CommentMemory
    {
        try #require(CommentMemory(results, key: key, at: point(commit, days: days)))
    }

    @Test func `what failed is new, still failing or fixed on the next commit`() throws {
        let first = RunResults(tests: [
            test("old", .failed), test("gone", .errored), test("mended", .failed), test("ok", .passed),
        ])
        let baseline = try memory(first, "aaaaaaaaaaaa").baseline()
        #expect(baseline.tests.count == 3)
        var second = RunResults(tests: [
            test("old", .failed), test("mended", .passed), test("ok", .passed), test("new", .failed),
        ])
        let comparison = Comparison(of: second, with: baseline, isWhole: true)
        #expect(comparison.newFailures == ["unit::new"])
        #expect(comparison.stillFailing["unit::old"] == .init(commit: "aaaaaaaaaaaa", at: Self.start, runs: 2))
        #expect(comparison.fixed == ["unit::mended"])
        #expect(comparison.removed == ["unit::gone"])
        // Since when a test fails is handed on from comment to comment.
        second.comparison = comparison
        let third = try memory(second, "bbbbbbbbbbbb", days: 1).baseline()
        #expect(third.tests["unit::old"]?.failing == .init(commit: "aaaaaaaaaaaa", at: Self.start, runs: 2))
        #expect(third.tests["unit::new"]?.failing?.commit == "bbbbbbbbbbbb")
    }

    @Test func `a flaky test is no failure to later runs`() throws {
        let baseline = try memory(RunResults(tests: [test("shaky", .failed, .passed)]), "aaaaaaaaaaaa").baseline()
        let now = RunResults(tests: [test("shaky", .failed)])
        #expect(Comparison(of: now, with: baseline, isWhole: true).newFailures == ["unit::shaky"])
    }

    @Test func `more failures than there is room for are no baseline, and that is said`() throws {
        let many = RunResults(tests: (0..<500).map { test("test_with_a_long_name_\($0)", .failed) })
        let memory = try memory(many, "aaaaaaaaaaaa")
        #expect(memory.data.utf8.count < 3100)
        let refusal = #expect(throws: CommentMemory.Refusal.self) { try memory.baseline() }
        #expect(refusal?.description.contains("has no room for") == true)
    }

    @Test func `code without a commit is not remembered`() {
        let point = Baseline.Point(choice: .comment, commit: nil, branch: nil, at: Self.start)
        #expect(CommentMemory(RunResults(tests: []), key: "k", at: point) == nil)
    }

    @Test(arguments: [
        "", "!!!", "e30=", "W10=", #"{"t":-1,"tests":[]}"#, #"{"t":1e99,"tests":[]}"#, #"{"t":1,"tests":[["a"]]}"#,
        #"{"t":1,"tests":[["a","z"]]}"#, #"{"t":1,"tests":[["a","f","<script>",1,2]]}"#,
        #"{"t":1,"tests":[["a","f","abcdef0",1,0]]}"#, #"{"t":1,"tests":[["a","f",null,-5,2]]}"#,
    ])
    func `what people wrote into it is refused`(text: String) {
        let data = text.hasPrefix("{") ? Data(text.utf8).base64EncodedString() : text
        let memory = CommentMemory(key: "k", commit: "abcdef0123", data: data)
        #expect(throws: CommentMemory.Refusal.self) { try memory.baseline() }
        let padded = CommentMemory(key: "k", commit: "abcdef0123", data: String(repeating: "QUJD", count: 5000))
        #expect(throws: CommentMemory.Refusal.self) { try padded.baseline() }
    }

    @Test func `two commits of each job are kept, the newer first, and jobs without end are not`() throws {
        var comment = SectionedComment(name: "dt-ci")
        for commit in ["aaaaaaaaaaaa", "bbbbbbbbbbbb", "bbbbbbbbbbbb", "cccccccccccc"] {
            comment.remember(try memory(RunResults(tests: [test("t", .failed)]), commit))
        }
        #expect(comment.memories.map(\.commit) == ["cccccccccccc", "bbbbbbbbbbbb"])
        // A second attempt on the same commit is compared with what was before it.
        #expect(comment.memory(of: "linux", before: "cccccccccccc")?.commit == "bbbbbbbbbbbb")
        #expect(comment.memory(of: "linux", before: "dddddddddddd")?.commit == "cccccccccccc")
        #expect(comment.memory(of: "mac", before: nil) == nil)
        for job in 0..<100 {
            comment.remember(try memory(RunResults(tests: []), "aaaaaaaaaaaa", key: "job \(job)"))
        }
        #expect(comment.memories.count == 32)
    }

    @Test(arguments: [MarkdownDialect.gitHub, .gitLab, .azure, .bitbucket])
    func `it survives being written and read, beside the sections and within the room`(dialect: MarkdownDialect) throws
    {
        let failed = RunResults(tests: (0..<15).map { test("<!-- -->\n--> \($0) 🧪 )", .failed) })
        var comment = SectionedComment(name: "dt-ci")
        for job in 0..<12 { comment.remember(try memory(failed, "aaaaaaaaaaaa", key: "leg -- \(job)")) }
        let wide = comment.text(in: dialect, within: TextBudget(scalars: 200_000, bytes: 200_000))
        #expect(SectionedComment(wide, name: "dt-ci") == comment)
        let budget = TextBudget(scalars: 8_000, bytes: 8_000)
        let tight = comment.text(in: dialect, within: budget)
        #expect(budget.holds(TextBudget(tight)))
        let kept = try #require(SectionedComment(tight, name: "dt-ci")).memories
        #expect(!kept.isEmpty && kept == Array(comment.memories.prefix(kept.count)))
    }

    @Test func `a job that posts leaves what other jobs remember`() async throws {
        let thread = SharedThread()
        func post(_ key: String, _ commit: String, run: Int) async throws {
            let sticky = StickyComment(
                thread, name: "dt-ci", dialect: .gitHub, budget: TextBudget(scalars: 60_000, bytes: 200_000)
            ) { _ in await Task.yield() }
            let section = CommentSection(
                key: key, commit: commit, order: .init(run: run, start: run, isFinal: true), head: "### \(key)",
                details: "")
            let memory = try memory(RunResults(tests: [test(key, .failed)]), commit, key: key)
            _ = try await sticky.post(section, remembering: memory, hasCompany: false)
        }
        try await post("linux", "aaaaaaaaaaaa", run: 1)
        try await post("mac", "aaaaaaaaaaaa", run: 1)
        // The first job on a new commit drops the sections of the old one, but not what they remember.
        try await post("linux", "bbbbbbbbbbbb", run: 2)
        let comment = try #require(thread.bodies.first.flatMap { SectionedComment($0, name: "dt-ci") })
        #expect(comment.sections.map(\.key) == ["linux"])
        #expect(comment.memory(of: "mac", before: "bbbbbbbbbbbb")?.commit == "aaaaaaaaaaaa")
        #expect(comment.memory(of: "linux", before: "bbbbbbbbbbbb")?.commit == "aaaaaaaaaaaa")
    }

    @Test func `only comments of our own account are believed`() async throws {
        var forged = SectionedComment(name: "dt-ci")
        forged.remember(try memory(RunResults(tests: [test("t", .failed)]), "aaaaaaaaaaaa"))
        let body = forged.text(in: .gitHub, within: TextBudget(scalars: 9000, bytes: 9000))
        for (author, owner, count) in [("mallory", "bot", 0), ("bot", "bot", 1)] {
            let thread = SharedThread(
                owner: owner, comments: [PostedComment(id: CommentID(comment: 1), body: body, author: author)])
            let sticky = StickyComment(
                thread, name: "dt-ci", dialect: .gitHub, budget: TextBudget(scalars: 9, bytes: 9)
            ) { _ in }
            #expect(try await sticky.standing()?.count == count)
        }
        let nameless = SharedThread(
            owner: nil, comments: [PostedComment(id: CommentID(comment: 1), body: body, author: nil)])
        let sticky = StickyComment(
            nameless, name: "dt-ci", dialect: .gitHub, budget: TextBudget(scalars: 9, bytes: 9)
        ) { _ in }
        #expect(try await sticky.standing() == nil)
    }
}
