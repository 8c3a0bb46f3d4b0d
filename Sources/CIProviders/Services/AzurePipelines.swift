import CICore

extension CIService {
    /// Azure Pipelines, whose code may lie on other forges.
    static let azurePipelines = CIService(
        id: "azure-pipelines", title: "Azure Pipelines",
        marks: [ServiceMark("TF_BUILD", ["true"])],
        facts: [
            .commit: ["SYSTEM_PULLREQUEST_SOURCECOMMITID"],
            .branch: [.branch("SYSTEM_PULLREQUEST_SOURCEBRANCH"), .branch("BUILD_SOURCEBRANCH")],
            .tag: [.tag("BUILD_SOURCEBRANCH")],
            // For a repository on GitHub the ID is a global 64-bit number; only the NUMBER is the one people know.
            .pullRequestNumber: [
                "SYSTEM_PULLREQUEST_PULLREQUESTNUMBER", .pullRequestNumber("BUILD_SOURCEBRANCH"),
                "SYSTEM_PULLREQUEST_PULLREQUESTID",
            ],
            .pullRequestTarget: [
                .branch("SYSTEM_PULLREQUEST_TARGETBRANCH"), "SYSTEM_PULLREQUEST_TARGETBRANCHNAME",
            ],
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
            sheet.setAzureCommit()
            sheet.setAzurePages()
        },
        node: NodeConvention(
            advice: "`strategy: { parallel: 4 }` in the job, or --node INDEX/TOTAL counted from 0, such as 0/4"),
        log: .azure,
        artifacts: ArtifactKeeping(
            offer: ArtifactOffer(names: ["azure"], title: "Azure Pipelines artifacts", layout: .files)),
        api: .azurePipelines, template: .azurePipelines, output: .azureMatrix)
}

extension FactSheet {
    /// In pull requests `BUILD_SOURCEVERSION` is the test merge; old servers name no head beside it.
    fileprivate mutating func setAzureCommit() {
        let source = "BUILD_SOURCEVERSION"
        if self["SYSTEM_PULLREQUEST_SOURCECOMMITID"] != nil {
            set(.mergeCommit, self[source], from: source)
        } else if let commit = self[source], self["BUILD_SOURCEBRANCH"]?.hasPrefix("refs/pull/") == true {
            testMerge = TestMerge(commit: commit, source: source, kind: .ofForge)
        } else {
            set(.commit, self[source], from: source)
        }
    }

    fileprivate mutating func setAzurePages() {
        guard let collection = self["SYSTEM_COLLECTIONURI"] ?? self["SYSTEM_TEAMFOUNDATIONCOLLECTIONURI"],
            let project = self["SYSTEM_TEAMPROJECT"], let build = self["BUILD_BUILDID"]
        else { return }
        let base = collection.hasSuffix("/") ? collection : collection + "/"
        let path = project.split(separator: " ").joined(separator: "%20")
        let page = "\(base)\(path)/_build/results?buildId=\(build)"
        set(.runURL, page, from: "BUILD_BUILDID")
        guard let job = self["SYSTEM_JOBID"] else { return }
        set(.jobURL, "\(page)&view=logs&j=\(job)", from: "SYSTEM_JOBID")
    }
}
