import CICore

extension CIService {
    /// Azure Pipelines, whose code may lie on other forges.
    static let azurePipelines = CIService(
        id: "azure-pipelines", title: "Azure Pipelines",
        marks: [("TF_BUILD", ["true"])],
        facts: [
            .commit: ["SYSTEM_PULLREQUEST_SOURCECOMMITID", "BUILD_SOURCEVERSION"],
            .branch: [.branch("SYSTEM_PULLREQUEST_SOURCEBRANCH"), .branch("BUILD_SOURCEBRANCH")],
            .tag: [.tag("BUILD_SOURCEBRANCH")],
            // For a repository on GitHub the ID is a global 64-bit number; only the NUMBER is the one people know.
            .pullRequestNumber: ["SYSTEM_PULLREQUEST_PULLREQUESTNUMBER", "SYSTEM_PULLREQUEST_PULLREQUESTID"],
            .pullRequestTarget: [.branch("SYSTEM_PULLREQUEST_TARGETBRANCH")],
            .pullRequestFork: [.flag("SYSTEM_PULLREQUEST_ISFORK")],
            .host: [.host("BUILD_REPOSITORY_URI")],
            .runID: ["BUILD_BUILDID"],
            .runAttempt: ["SYSTEM_JOBATTEMPT"],
            .runNumber: ["BUILD_BUILDNUMBER"],
            .jobID: ["SYSTEM_JOBID"],
            .jobName: ["SYSTEM_JOBDISPLAYNAME", "AGENT_JOBNAME"],
            .nodeIndex: [.oneBased("SYSTEM_JOBPOSITIONINPHASE")],
            .nodeTotal: ["SYSTEM_TOTALJOBSINPHASE"],
            .actor: ["BUILD_REQUESTEDFOR"],
        ],
        oddFacts: { sheet in
            let forges = [
                "tfsgit": "azure-repos", "github": "github", "githubenterprise": "github", "bitbucket": "bitbucket",
            ]
            let provider = sheet["BUILD_REPOSITORY_PROVIDER"]?.lowercased()
            sheet.set(.forge, provider.flatMap { forges[$0] }, from: "BUILD_REPOSITORY_PROVIDER")
            if let name = sheet["BUILD_REPOSITORY_NAME"] {
                let project = name.contains("/") ? nil : sheet["SYSTEM_TEAMPROJECT"]
                sheet.set(.slug, project.map { "\($0)/\(name)" } ?? name, from: "BUILD_REPOSITORY_NAME")
            }
            if sheet["SYSTEM_PULLREQUEST_SOURCECOMMITID"] != nil {
                sheet.set(.mergeCommit, sheet["BUILD_SOURCEVERSION"], from: "BUILD_SOURCEVERSION")
            }
            guard let collection = sheet["SYSTEM_COLLECTIONURI"] ?? sheet["SYSTEM_TEAMFOUNDATIONCOLLECTIONURI"],
                let project = sheet["SYSTEM_TEAMPROJECT"], let build = sheet["BUILD_BUILDID"]
            else { return }
            let base = collection.hasSuffix("/") ? collection : collection + "/"
            let path = project.split(separator: " ").joined(separator: "%20")
            sheet.set(.runURL, "\(base)\(path)/_build/results?buildId=\(build)", from: "BUILD_BUILDID")
        },
        node: NodeConvention(
            advice: "`strategy: { parallel: 4 }` in the job, or --node INDEX/TOTAL counted from 0, such as 0/4"),
        log: .azure,
        api: .azurePipelines, template: .azurePipelines)
}
