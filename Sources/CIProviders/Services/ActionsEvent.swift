import struct FoundationEssentials.Data
import class FoundationEssentials.JSONDecoder

/// The parts of a webhook's payload that tell what is built; everything may be missing.
struct ActionsEvent: Decodable {
    let pull_request: PullRequest?
    let workflow_run: Head?
    let check_suite: Head?
    let check_run: CheckRun?
    let repository: Repository?

    /// As it stands alone and as it is listed.
    struct PullRequest: Decodable {
        let number: Int?
        let head: Side?
        let base: Side?
    }

    /// One end of a pull request.
    struct Side: Decodable {
        let ref: String?
        let sha: String?
        let repo: Repository?
    }

    /// Both are missing in lists.
    struct Repository: Decodable {
        let full_name: String?
        let default_branch: String?
    }

    /// What a run or suite is of.
    struct Head: Decodable {
        let head_sha: String?
        let head_branch: String?
        let pull_requests: [PullRequest]?
    }

    /// One check of a suite.
    struct CheckRun: Decodable {
        let check_suite: Head?
    }

    /// `nil` for what is no such payload, which then tells nothing.
    init?(_ bytes: [UInt8]) {
        guard let event = try? JSONDecoder().decode(Self.self, from: Data(bytes)) else { return nil }
        self = event
    }
}
