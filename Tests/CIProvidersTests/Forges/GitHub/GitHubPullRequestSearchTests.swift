import CICore
import Simulator
import Testing

@testable import CIProviders

/// Which pull request a `workflow_run` is about.
@Suite struct GitHubPullRequestSearchTests {
    private static let head = "3f9d2c1b7a6e5048d1c2b3a4958677605f4e3d2c"

    private static func event(sha: String = head) -> String {
        """
        {"workflow_run": {"head_sha": "\(sha)", "head_branch": "a&b=c", "pull_requests": [],
         "head_repository": {"full_name": "mona/widgets", "owner": {"login": "mona"}}}}
        """
    }

    private func found(
        _ steps: [Result<HTTPResponse, HTTPError>], event: String = event(), name: String = "workflow_run"
    ) async -> (pull: BuildContext.PullRequest?, requests: [HTTPRequest]) {
        let script = ScriptedExchange(steps)
        var context = BuildContext(Scenario(service: "github-actions", forge: "github", event: .push))
        context.pullRequest = nil
        let access = APIAccess(
            context: context,
            environment: [
                "GITHUB_EVENT_NAME": name, "GITHUB_EVENT_PATH": "/event.json", "GITHUB_TOKEN": "ghs_1",
                "DTCI_FORGE_API_URL": "https://api.test",
            ],
            files: PlannedFiles(texts: ["/event.json": event]), exchange: script.exchange)
        return (await Forge.gitHub.pullRequest(of: access), script.http.requests)
    }

    private static func list(_ sha: String) -> String {
        """
        [{"number": 7, "head": {"sha": "0000000", "repo": null}, "base": {"ref": "old"}},
         {"number": 12, "head": {"sha": "\(sha)", "repo": {"full_name": "mona/widgets"}}, "base": {"ref": "main"}}]
        """
    }

    @Test func `it is the open one with the event's branch and commit`() async {
        let (pull, requests) = await found([.answer(200, Self.list(Self.head))])
        #expect(pull == .init(number: 12, target: "main", isFork: true))
        #expect(requests.count == 1)
        let url = requests.first?.url ?? ""
        #expect(url.hasPrefix("https://api.test/repos/octo/widgets/pulls?state=open&head=mona"), "\(url)")
        #expect(url.contains("a%26b%3Dc"), "\(url)")
    }

    @Test func `a later push is none of its business`() async {
        #expect(await found([.answer(200, Self.list("1111111"))]).pull == nil)
    }

    @Test(arguments: ["", "{", "[]", "{\"workflow_run\": 3}", "{\"workflow_run\": {\"head_branch\": \"x\"}}"])
    func `an event that does not tell asks nobody`(event: String) async {
        let (pull, requests) = await found([], event: event)
        #expect(pull == nil && requests.isEmpty)
    }

    @Test func `other events ask nobody`() async {
        #expect(await found([], name: "push").requests.isEmpty)
    }

    @Test(arguments: [403, 404, 200]) func `a refusal or nonsense is no pull request`(status: Int) async {
        #expect(await found([.answer(status, "<html>")]).pull == nil)
    }
}
