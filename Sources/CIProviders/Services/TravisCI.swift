import CICore

extension CIService {
    /// Travis CI, which says "false" where it means "none".
    static let travisCI = CIService(
        id: "travis-ci", title: "Travis CI",
        marks: [ServiceMark("TRAVIS", ["true"])],
        facts: [
            .commit: ["TRAVIS_PULL_REQUEST_SHA"],
            .tag: ["TRAVIS_TAG"],
            .pullRequestNumber: [.unless("TRAVIS_PULL_REQUEST", is: "false")],
            .slug: ["TRAVIS_REPO_SLUG"],
            .runID: ["TRAVIS_BUILD_ID"],
            .runNumber: ["TRAVIS_BUILD_NUMBER"],
            .runURL: ["TRAVIS_BUILD_WEB_URL"],
            .jobID: ["TRAVIS_JOB_ID"],
            .jobName: ["TRAVIS_JOB_NAME", "TRAVIS_JOB_NUMBER"],
            .jobURL: ["TRAVIS_JOB_WEB_URL"],
        ],
        oddFacts: { sheet in
            let isPullRequest = sheet["TRAVIS_PULL_REQUEST"].map { $0 != "false" } ?? false
            if isPullRequest {
                // TRAVIS_COMMIT is the test merge here.
                if sheet["TRAVIS_PULL_REQUEST_SHA"] == nil, let merge = sheet["TRAVIS_COMMIT"] {
                    sheet.testMerge = TestMerge(commit: merge, source: "TRAVIS_COMMIT", kind: .ofForge)
                }
                sheet.set(.branch, sheet["TRAVIS_PULL_REQUEST_BRANCH"], from: "TRAVIS_PULL_REQUEST_BRANCH")
                sheet.set(.pullRequestTarget, sheet["TRAVIS_BRANCH"], from: "TRAVIS_BRANCH")
                sheet.set(.mergeCommit, sheet["TRAVIS_COMMIT"], from: "TRAVIS_COMMIT")
                if let source = sheet["TRAVIS_PULL_REQUEST_SLUG"], let slug = sheet["TRAVIS_REPO_SLUG"] {
                    sheet.set(.pullRequestFork, source == slug ? "false" : "true", from: "TRAVIS_PULL_REQUEST_SLUG")
                }
            } else {
                sheet.set(.commit, sheet["TRAVIS_COMMIT"], from: "TRAVIS_COMMIT")
                // TRAVIS_BRANCH is the target in pull requests and the tag's name on tags.
                if sheet["TRAVIS_TAG"] == nil { sheet.set(.branch, sheet["TRAVIS_BRANCH"], from: "TRAVIS_BRANCH") }
            }
            // https://app.travis-ci.com/github/owner/name/builds/1
            let segments = sheet["TRAVIS_BUILD_WEB_URL"]?.split(separator: "/").dropFirst(2) ?? []
            let hosts = ["github": "github.com", "gitlab": "gitlab.com", "bitbucket": "bitbucket.org"]
            guard let forge = segments.first.map(String.init), let host = hosts[forge] else { return }
            sheet.set(.forge, forge, from: "TRAVIS_BUILD_WEB_URL")
            sheet.set(.host, host, from: "TRAVIS_BUILD_WEB_URL")
        },
        node: NodeConvention(
            advice: "DTCI_NODE=0/4, DTCI_NODE=1/4 and so on as the jobs of `env:`"),
        log: .travis,
        api: .travisCI, template: .travisCI)
}
