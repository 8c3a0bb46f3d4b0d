import CICore

/// Where a build's code, pipeline and merge request are within GitLab.
struct GitLabBuild: Sendable, Hashable {
    /// A merge request by its number within its project.
    struct MergeRequest: Sendable, Hashable {
        /// The target's project, which for a fork is another than the pipeline's.
        var project: String
        var number: Int
    }

    /// The API's, such as `https://gitlab.com/api/v4`.
    var base: String
    /// Number or path of the project that the pipeline runs in.
    var project: String
    /// The project's page.
    var page: String?
    /// The pipeline that this job is part of; `nil` where another CI service builds.
    var pipeline: Int?
    /// The commit that the pipeline is of.
    var commit: String?
    var mergeRequest: MergeRequest?
    /// Numbers the versions of packages.
    var run: String

    /// Reads what GitLab CI or the repository's URL tells; `nil` where that is not enough.
    init?(_ access: APIAccess) {
        let context = access.context
        // Of another CI service these variables would tell of some other pipeline, one that started it perhaps.
        let own = { (name: String) in context.service == CIService.gitLabCI.id ? access[name] : nil }
        let host = context.repository.host
        guard let base = access["DTCI_FORGE_API_URL"] ?? own("CI_API_V4_URL") ?? host.map({ "https://\($0)/api/v4" }),
            let project = own("CI_PROJECT_ID") ?? own("CI_PROJECT_PATH") ?? context.repository.slug
        else { return nil }
        self.base = base
        self.project = project
        let slug = context.repository.slug
        page = own("CI_PROJECT_URL") ?? host.flatMap { host in slug.map { "https://\(host)/\($0)" } }
        pipeline = own("CI_PIPELINE_ID").flatMap { Int($0) }
        // A pipeline of merged results is one of the merge, and knows no status of any other commit.
        commit = (pipeline == nil ? nil : context.source.mergeCommit) ?? context.source.commit
        run = context.execution.run.id ?? "0"
        mergeRequest = Self.mergeRequest(context, project: slug ?? project, own)
    }

    private static func mergeRequest(
        _ context: BuildContext, project: String, _ own: (String) -> String?
    ) -> MergeRequest? {
        if let number = context.pullRequest?.number {
            // An external pull request is one of another forge.
            if own("CI_EXTERNAL_PULL_REQUEST_IID") != nil, own("CI_MERGE_REQUEST_IID") == nil { return nil }
            return MergeRequest(project: own("CI_MERGE_REQUEST_PROJECT_ID") ?? project, number: number)
        }
        // Pipelines of branches list up to four: `group/project!12,group/project!15`.
        guard let first = own("CI_OPEN_MERGE_REQUESTS")?.split(separator: ",").first,
            let mark = first.lastIndex(of: "!"), let number = Int(first[first.index(after: mark)...])
        else { return nil }
        return MergeRequest(project: String(first[..<mark]), number: number)
    }
}
