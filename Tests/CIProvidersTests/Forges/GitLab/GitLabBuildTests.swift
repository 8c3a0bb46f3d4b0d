import CICore
import Testing

@testable import CIProviders

struct GitLabBuildTests {
    @Test(arguments: [
        (["DTCI_FORGE_API_URL": "https://a/api/v4", "CI_API_V4_URL": "https://b/api/v4"], "https://a/api/v4"),
        (["CI_API_V4_URL": "https://git.acme.example/gitlab/api/v4"], "https://git.acme.example/gitlab/api/v4"),
        ([:], "https://gitlab.com/api/v4"),
    ])
    func `the API is where the user, the job or the host says`(environment: [String: String], base: String) {
        #expect(Self.build(environment)?.base == base)
    }

    @Test func `variables of a GitLab that started another service are not this build's`() {
        let environment = ["CI_PROJECT_ID": "7", "CI_API_V4_URL": "https://b/api/v4", "CI_PIPELINE_ID": "9"]
        let build = Self.build(environment) { $0.service = "jenkins" }
        #expect(build?.project == "group/sub/project")
        #expect(build?.base == "https://gitlab.com/api/v4")
        #expect(build?.pipeline == nil)
        #expect(build?.commit == "head")
    }

    @Test func `a fork's merge request is one of the target's project`() {
        let build = Self.build(["CI_PROJECT_ID": "8", "CI_MERGE_REQUEST_PROJECT_ID": "7", "CI_PIPELINE_ID": "9"])
        #expect(build?.project == "8")
        #expect(build?.mergeRequest == GitLabBuild.MergeRequest(project: "7", number: 12))
    }

    @Test func `only a pipeline of its own is one of the merged result`() {
        #expect(Self.build(["CI_PIPELINE_ID": "9"]) { $0.source.mergeCommit = "merge" }?.commit == "merge")
        #expect(Self.build([:]) { $0.source.mergeCommit = "merge" }?.commit == "head")
    }

    @Test func `an external pull request is none of GitLab's`() {
        #expect(Self.build(["CI_EXTERNAL_PULL_REQUEST_IID": "12"])?.mergeRequest == nil)
    }

    @Test(arguments: ["", "octo/widgets", "octo/widgets!", "!x", "octo/widgets!twelve"])
    func `an odd list of merge requests is none`(list: String) {
        let build = Self.build(["CI_OPEN_MERGE_REQUESTS": list]) { $0.pullRequest = nil }
        #expect(build != nil)
        #expect(build?.mergeRequest == nil)
    }

    @Test func `without a project there is an obstacle for each capability`() async {
        let connection = Forge.gitLab.connect(Self.access([:]) { $0.repository = .init() })
        #expect(connection.status.obstacle != nil)
        #expect(connection.comments.obstacle != nil)
        #expect(connection.shelves.values.allSatisfy { $0.obstacle != nil })
        #expect(await connection.permissions().isEmpty)
    }

    @Test func `a variable that was not expanded is no token`() {
        let connection = Forge.gitLab.connect(Self.access(["GITLAB_TOKEN": "$GITLAB_TOKEN"]))
        #expect(connection.comments.obstacle?.reason == "no token for GitLab")
        #expect(connection.comments.obstacle?.advice.contains("GITLAB_TOKEN") == true)
    }

    private static func build(
        _ environment: [String: String], _ change: (inout BuildContext) -> Void = { _ in }
    ) -> GitLabBuild? {
        GitLabBuild(access(environment, change))
    }

    private static func access(
        _ environment: [String: String], _ change: (inout BuildContext) -> Void = { _ in }
    ) -> APIAccess {
        var context = BuildContext(
            service: "gitlab-ci", source: .init(commit: "head"), pullRequest: .init(number: 12),
            repository: .init(slug: "group/sub/project", forge: "gitlab", host: "gitlab.com"))
        change(&context)
        return APIAccess(
            context: context, environment: environment, files: LocalFileSystem(), exchange: .forTests())
    }
}
