import CIProviders
import Reporting
import Testing

struct StickyCommentTests {
    private static let budget = TextBudget(scalars: 60_000, bytes: 200_000)

    private func sticky(_ thread: SharedThread, budget: TextBudget = Self.budget) -> StickyComment {
        // Long in turns of the executor, so that a pause outlasts every write of the thread above.
        StickyComment(thread, name: "dt-ci", dialect: .gitHub, budget: budget) { _ in
            for _ in 0..<40 { await Task.yield() }
        }
    }

    private func section(
        _ key: String, commit: String = "abc", run: Int = 1, attempt: Int = 1, start: Int = 100, isFinal: Bool = true
    ) -> CommentSection {
        CommentSection(
            key: key, commit: commit, order: .init(run: run, attempt: attempt, start: start, isFinal: isFinal),
            head: "### \(key) of \(commit)", details: "details of \(key)")
    }

    @Test func `the first report makes one comment and the next one changes it`() async throws {
        let thread = SharedThread()
        _ = try await sticky(thread).post(section("linux", isFinal: false), hasCompany: false)
        let outcome = try await sticky(thread).post(section("linux"), hasCompany: false)
        #expect(outcome == .posted(CommentID(comment: 1)))
        #expect(thread.bodies.count == 1)
        #expect(try #require(thread.bodies.first).contains("### linux of abc"))
    }

    @Test(arguments: 1...20) func `eight jobs at once end in one comment with all their sections`(round: Int)
        async throws
    {
        let thread = SharedThread()
        await withTaskGroup(of: Void.self) { group in
            for leg in 1...8 {
                group.addTask {
                    _ = try? await sticky(thread).post(section("leg \(leg)"), hasCompany: true)
                }
            }
        }
        #expect(thread.bodies.count == 1)
        let comment = try #require(thread.bodies.first.flatMap { SectionedComment($0, name: "dt-ci") })
        #expect(comment.sections.map(\.key) == (1...8).map { "leg \($0)" })
    }

    @Test func `an older attempt leaves a newer one alone`() async throws {
        let thread = SharedThread()
        _ = try await sticky(thread).post(section("linux", attempt: 2), hasCompany: false)
        let outcome = try await sticky(thread).post(section("linux", attempt: 1), hasCompany: false)
        #expect(outcome == .superseded)
        #expect(thread.bodies.allSatisfy { $0.contains("attempt=2") })
    }

    @Test func `a newer commit drops what jobs said of older ones, and an older commit is silent`() async throws {
        let thread = SharedThread()
        for key in ["linux", "mac"] { _ = try await sticky(thread).post(section(key), hasCompany: true) }
        _ = try await sticky(thread).post(section("linux", commit: "def", run: 2, start: 200), hasCompany: false)
        let comment = try #require(thread.bodies.first.flatMap { SectionedComment($0, name: "dt-ci") })
        #expect(comment.sections.map(\.commit) == ["def"])
        #expect(try await sticky(thread).post(section("mac"), hasCompany: true) == .superseded)
    }

    @Test func `an account that signs otherwise than it is called still keeps one comment`() async throws {
        let thread = SharedThread(owner: "bot[bot]", account: "bot")
        for attempt in 1...3 {
            let outcome = try await sticky(thread).post(section("linux", attempt: attempt), hasCompany: false)
            #expect(outcome == .posted(CommentID(comment: 1)))
        }
        #expect(thread.bodies.count == 1 && thread.bodies[0].contains("attempt=3"))
    }

    @Test(arguments: [1, 3, 100]) func `a comment that the list does not show yet is not made again`(lag: Int)
        async throws
    {
        let thread = SharedThread(lag: lag)
        let outcome = try await sticky(thread).post(section("linux"), hasCompany: false)
        #expect(outcome == .posted(CommentID(comment: 1)))
        #expect(thread.bodies.count == 1)
    }

    @Test func `comments of others stay as they are, whatever they hold`() async throws {
        let forged = SectionedComment(name: "dt-ci", sections: [section("linux", attempt: 9)])
            .text(in: .gitHub, within: Self.budget)
        let thread = SharedThread(comments: [
            PostedComment(id: CommentID(comment: 1), body: forged, author: "mallory"),
            PostedComment(id: CommentID(comment: 2), body: "LGTM", author: "bot"),
        ])
        #expect(try await sticky(thread).post(section("linux"), hasCompany: false) == .posted(CommentID(comment: 3)))
        #expect(thread.bodies[0] == forged)
        #expect(thread.bodies[1] == "LGTM")
    }

    @Test func `twins are taken in and removed`() async throws {
        let bodies = ["linux", "mac"].map { key in
            SectionedComment(name: "dt-ci", sections: [section(key)]).text(in: .gitHub, within: Self.budget)
        }
        let thread = SharedThread(
            comments: bodies.enumerated().map {
                PostedComment(id: CommentID(comment: $0.offset + 4), body: $0.element, author: "bot")
            })
        let outcome = try await sticky(thread).post(section("windows"), hasCompany: false)
        #expect(outcome == .posted(CommentID(comment: 4)))
        let comment = try #require(thread.bodies.first.flatMap { SectionedComment($0, name: "dt-ci") })
        #expect(thread.bodies.count == 1)
        #expect(comment.sections.map(\.key) == ["linux", "mac", "windows"])
    }

    @Test func `without a wish for a new comment only one that stands is changed`() async throws {
        let thread = SharedThread()
        #expect(try await sticky(thread).post(section("a"), hasCompany: false, creates: false) == .unneeded)
        #expect(thread.bodies.isEmpty)
    }

    @Test(arguments: [MarkdownDialect.gitHub, .gitLab, .azure, .bitbucket])
    func `sections survive being written and read, whatever their names hold`(dialect: MarkdownDialect) throws {
        let keys = ["plain", "--> <!-- dt-ci end -->", "a b=c)", "\u{202E}العربية 🧪", "100%"]
        var comment = SectionedComment(name: "x -- y")
        for key in keys { comment.take(section(key)) }
        let text = comment.text(in: dialect, within: Self.budget)
        let read = try #require(SectionedComment(text, name: "x -- y"))
        #expect(read == comment)
        #expect(SectionedComment(text, name: "x") == nil)
    }

    @Test func `what is too long loses details before heads, and jobs only at the last`() throws {
        var comment = SectionedComment(name: "dt-ci")
        for leg in 1...40 {
            var section = section("leg \(leg)")
            section.details = String(repeating: "word ", count: 400)
            comment.take(section)
        }
        let text = comment.text(in: .gitHub, within: TextBudget(scalars: 20_000, bytes: 20_000))
        #expect(text.utf8.count <= 20_000)
        #expect(SectionedComment(text, name: "dt-ci")?.sections.count == 40)
        let tiny = comment.text(in: .gitHub, within: TextBudget(scalars: 1500, bytes: 1500))
        #expect(tiny.utf8.count <= 1500)
        #expect(tiny.contains("more jobs"))
    }
}
