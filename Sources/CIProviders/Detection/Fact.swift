/// A fact of a build; the raw value is its place in the `context` format.
package enum Fact: String, Sendable, Hashable, CaseIterable {
    case service
    case simulator
    case commit = "commit.sha"
    case mergeCommit = "commit.mergeSHA"
    case branch
    case tag
    case pullRequestNumber = "pullRequest.number"
    case pullRequestTarget = "pullRequest.target"
    case pullRequestFork = "pullRequest.fork"
    case slug = "repository.slug"
    case forge = "repository.forge"
    case host = "repository.host"
    case defaultBranch = "repository.defaultBranch"
    case runID = "run.id"
    case runAttempt = "run.attempt"
    case runNumber = "run.number"
    case runURL = "run.url"
    case jobID = "job.id"
    case jobName = "job.name"
    case jobURL = "job.url"
    case nodeIndex = "node.index"
    case nodeTotal = "node.total"
    case actor
}
