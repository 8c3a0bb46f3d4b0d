import CICore
import CIProviders
import Testing

import struct FoundationEssentials.Date

@testable import Reporting

struct CheckupRulesTests {
    // MARK: Build

    private func build(
        _ context: BuildContext, decidedBy: [Fact: String] = [:], candidates: [String] = []
    ) -> [String: Finding] {
        let detection = Detection(context: context, decidedBy: decidedBy, candidates: candidates)
        return Dictionary(BuildRules(detection).findings.map { ($0.subject, $0) }) { first, _ in first }
    }

    @Test func `each fact is told with what decided it`() {
        let context = BuildContext(
            service: "github-actions", simulator: "act",
            source: .init(commit: "1a2b3c4d5e6f7a8b9c0d", mergeCommit: "ffffffffffffffff"),
            pullRequest: .init(number: 12, target: "main", isFork: true),
            repository: .init(slug: "acme/app", forge: "github", host: "github.com"),
            execution: .init(node: .init(index: 1, total: 4)))
        let findings = build(
            context, decidedBy: [.commit: "GITHUB_SHA", .service: "GITHUB_ACTIONS"],
            candidates: ["github-actions", "jenkins"])
        #expect(findings["CI service"]?.text == "GitHub Actions (by GITHUB_ACTIONS)")
        #expect(findings["commit"]?.text == "1a2b3c4d5e6f, merged for the test as ffffffffffff (by GITHUB_SHA)")
        #expect(findings["pull request"]?.text == "12 into main, from a fork")
        #expect(findings["node"]?.text == "2 of 4")
        #expect(findings["forge"]?.text == "GitHub: acme/app at github.com")
        #expect(findings["nested"]?.level == .note && findings["nested"]?.text.contains("Jenkins") == true)
        #expect(findings["simulator"]?.level == .note)
        #expect(findings.values.allSatisfy { !$0.level.isTrouble })
    }

    @Test(arguments: [("jenkins", Finding.Level.problem), ("local", .note)])
    func `what is missing is a problem in a CI service only`(service: String, level: Finding.Level) {
        let context = BuildContext(service: service, execution: .init(node: .init(total: service == "local" ? 1 : 4)))
        let findings = build(context)
        for subject in ["commit", "forge"] {
            #expect(findings[subject]?.level == level && findings[subject]?.advice != nil)
        }
        #expect(findings["node"]?.level == (service == "local" ? nil : .problem))
    }

    // MARK: Reports

    private static let refused = ReportOutlook.Standing.refused(Obstacle("no token", advice: "add one"))

    @Test(
        arguments: [
            (ReportOutlook("verdict", rungs: [.init("check run", "on a@b")]), Finding.Level.ok, "check run on a@b"),
            (
                ReportOutlook(
                    "verdict", rungs: [.init("check run", "on a@b", .annotatedReport, .untold), .init("status")]), .ok,
                "check run on a@b, else status: whether the token may, only the first post shows"
            ),
            (
                ReportOutlook(
                    "verdict", rungs: [.init("check run", "", nil, refused), .init("status", "on a@b", .commitStatus)]),
                .note, "status on a@b, not check run: no token"
            ),
            (
                ReportOutlook(
                    "verdict",
                    rungs: [
                        .init("check run", "", nil, refused), .init("status", "", nil, refused), .init("page only"),
                    ]),
                .problem, "page only, not check run or status: no token"
            ),
            (
                ReportOutlook("comment", rungs: [.init("comment", "", .comment, refused)]), .problem,
                "not posted: comment: no token"
            ),
            (ReportOutlook("comment", needless: "none: no pull request"), .ok, "none: no pull request"),
        ] as [(ReportOutlook, Finding.Level, String)])
    func `the first rung that holds is named, with what is above it`(
        outlook: ReportOutlook, level: Finding.Level, text: String
    ) throws {
        let finding = try #require(ReportRules.findings([outlook]).first)
        #expect(finding.level == level && finding.text == text)
        #expect(finding.advice == (text.contains("no token") ? "add one" : nil))
    }

    // MARK: Tokens

    private func permission(
        _ capability: Capability, _ isGranted: Bool?, token: String = "T", trouble: APIError.Code? = nil
    ) -> PermissionFinding {
        PermissionFinding(
            capability, isGranted: isGranted, token: token, advice: "allow \(capability.rawValue)",
            trouble: trouble.map { APIError($0, "GitHub: GET /", status: 401, detail: "bad") })
    }

    private func tokens(_ findings: [PermissionFinding], isNeeded: Bool = true) -> [Finding] {
        TokenRules("GitHub", reportTitle: "check run", wanted: [.commitStatus, .annotatedReport], isNeeded: isNeeded)
            .findings(findings, otherwise: Obstacle("there is no token for GitHub", advice: "add one"))
    }

    @Test func `a token is told by what it may post of what is wanted`() {
        let findings = tokens([
            permission(.commitStatus, true), permission(.annotatedReport, nil), permission(.gist, false),
            permission(.gist, false, token: "OTHER"),
        ])
        #expect(findings.map(\.subject) == ["T"])
        #expect(findings[0].text == "may post commit status; whether it may post check run, only the first post shows")
        #expect(findings[0].level == .note && findings[0].advice == "if it is refused: allow annotated report")
    }

    @Test func `what is missing comes with the permission to add`() {
        let findings = tokens([permission(.commitStatus, false), permission(.annotatedReport, true)])
        #expect(
            findings == [
                Finding(.problem, "T", "may post check run; may not post commit status", advice: "allow commit status")
            ])
        #expect(tokens([permission(.commitStatus, false)], isNeeded: false).map(\.level) == [.note])
    }

    @Test(arguments: [
        (APIError.Code.unauthorized, "wrong, expired or revoked"), (.forbidden, "may not even read"),
        (.notFound, "may not even read"), (.rateLimited, "used up"), (.unreachable, "could not be asked"),
        (.malformed, "could not be asked"),
    ]) func `a token that is not accepted is told apart from one that could not be asked about`(
        code: APIError.Code, words: String
    ) {
        let findings = tokens([permission(.commitStatus, false, trouble: code), permission(.annotatedReport, false)])
        #expect(findings.count == 1 && findings[0].level == .problem)
        #expect(findings[0].text.contains(words) && findings[0].advice != nil)
    }

    @Test func `without a token it is said once`() {
        #expect(tokens([permission(.commitStatus, false, token: "")]).map(\.text) == ["there is no token for GitHub"])
        let other = permission(.artifacts, false, token: "OTHER")
        #expect(tokens([permission(.commitStatus, false, token: ""), other]).map(\.subject) == ["GitHub"])
        #expect(tokens([], isNeeded: false).map(\.level) == [.note])
        #expect(tokens([permission(.annotatedReport, true, token: "")]).map(\.level) == [.ok])
    }

    // MARK: Network

    private func sighting(
        _ headers: [(String, String)] = [], at time: Double = 1_750_000_000, taking seconds: Double = 0.1
    ) -> Sighting {
        Sighting(
            origin: "https://api.test", sent: Date(timeIntervalSince1970: time),
            received: Date(timeIntervalSince1970: time + seconds), duration: .seconds(seconds),
            outcome: .success(
                HTTPResponse(status: 200, headers: headers.map { HTTPHeader($0.0, $0.1) }, version: "2")))
    }

    private let rules = NetworkRules("GitHub", isNeeded: true)

    @Test(arguments: [
        (0.0, Finding.Level.ok, "within 2 s"), (20, .ok, "within 30 s"), (31, .note, "31.0 s ahead of"),
        (-45, .note, "45.0 s behind"), (299, .note, "4 m 59 s ahead"), (301, .problem, "5 m 01 s ahead of"),
        (-90_000, .problem, "25 h 00 m behind"),
    ]) func `the clock is judged by its distance`(ahead: Double, level: Finding.Level, words: String) {
        let finding = NetworkRules.clock(ahead: ahead)
        #expect(finding.level == level && finding.text.contains(words))
        #expect((finding.advice == nil) == (level == .ok))
    }

    @Test func `the clock is compared in the middle of the request`() {
        // 15:06:40 was 1,750,000,000; the answer took 80 seconds to come and was made in their middle.
        let slow = sighting([("Date", "Sun, 15 Jun 2025 15:07:20 GMT")], taking: 80)
        #expect(rules.findings([slow]).first { $0.subject == "clock" }?.level == .ok)
        let wrong = sighting([("Date", "Sun, 15 Jun 2025 14:06:40 GMT")])
        #expect(rules.findings([wrong]).first { $0.subject == "clock" }?.text.contains("1 h 00 m ahead of") == true)
        #expect(rules.findings([sighting([("Date", "yesterday")])]).map(\.subject) == ["GitHub"])
    }

    @Test(arguments: [("4999", Finding.Level.ok), ("49", .note), ("0", .problem)])
    func `what is left of the rate limit is told`(left: String, level: Finding.Level) {
        let findings = rules.findings([
            sighting([("x-ratelimit-remaining", "4000")]),
            sighting([("X-RateLimit-Remaining", left), ("X-RateLimit-Limit", "5000")]),
        ])
        #expect(findings[0].text == "https://api.test answers in 0.10 s over HTTP/2")
        #expect(findings[1].text == "\(left) of 5000 requests left" && findings[1].level == level)
    }

    @Test(arguments: [HTTPError.Code.libraryMissing, .notResolved, .notConnected, .tls, .timedOut, .broken])
    func `without any answer the cause comes with what to do`(code: HTTPError.Code) {
        var failed = sighting()
        failed.outcome = .failure(HTTPError(code: code, description: "no answer from https://api.test"))
        let findings = rules.findings([failed])
        #expect(findings.count == 1 && findings[0].level == .problem && findings[0].advice != nil)
        #expect(NetworkRules("GitHub", isNeeded: false).findings([failed]).map(\.level) == [.note])
        #expect(rules.findings([failed, sighting()]).map(\.level) == [.ok])
    }
}
