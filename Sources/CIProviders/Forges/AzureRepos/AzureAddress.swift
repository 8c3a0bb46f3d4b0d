import CICore

/// Where a build's code or its pipeline is within Azure DevOps.
struct AzureAddress: Sendable, Hashable {
    /// The organization's or collection's URL.
    var collection: String
    /// Name or id.
    var project: String
    /// Name or id.
    var repository: String

    /// The repository of the build, as Azure Pipelines tells it or as its URL does; `nil` where neither is enough.
    init?(repositoryOf access: APIAccess) {
        let isOwnPipeline = access.context.service == CIService.azurePipelines.id
        let slug = (access.context.repository.slug ?? "").split(separator: "/").map {
            PercentEncoding.decode(String($0))
        }
        let own = isOwnPipeline ? Self.pipelineCollection(access) : nil
        guard let collection = access["DTCI_FORGE_API_URL"] ?? own ?? Self.collection(of: access.context, slug) else {
            return nil
        }
        self.collection = collection
        if isOwnPipeline, let project = access["SYSTEM_TEAMPROJECT"],
            let repository = access["BUILD_REPOSITORY_ID"] ?? access["BUILD_REPOSITORY_NAME"]
        {
            self.project = project
            self.repository = repository
            return
        }
        guard let repository = slug.last else { return nil }
        self.repository = repository
        // `https://dev.azure.com/acme/_git/shop` is short for a project's repository of the project's name.
        project = slug.count > (Self.startsWithOrganization(access.context) ? 2 : 1) ? slug[slug.count - 2] : repository
    }

    /// The organization that runs the pipeline.
    static func pipelineCollection(_ access: APIAccess) -> String? {
        access["SYSTEM_COLLECTIONURI"] ?? access["SYSTEM_TEAMFOUNDATIONCOLLECTIONURI"]
    }

    private static func startsWithOrganization(_ context: BuildContext) -> Bool {
        ["dev.azure.com", "ssh.dev.azure.com", "vs-ssh.visualstudio.com"].contains(context.repository.host ?? "")
    }

    /// From the host and what comes before project and repository.
    private static func collection(of context: BuildContext, _ slug: [String]) -> String? {
        guard let host = context.repository.host, !slug.isEmpty else { return nil }
        if startsWithOrganization(context) {
            return slug.count >= 2 ? "https://dev.azure.com/\(PercentEncoding.encode(slug[0]))" : nil
        }
        let path = slug.dropLast(2).map { "/" + PercentEncoding.encode($0) }.joined()
        return "https://\(host)\(path)"
    }
}
