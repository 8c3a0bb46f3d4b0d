import CICore
import Crypto

/// Build statuses of Bitbucket: one for each key, which a later one of the same key replaces.
struct BitbucketStatusBoard: StatusBoard {
    let repository: BitbucketRepository
    let commit: String
    /// The pipeline's page.
    let runPage: String?

    func post(_ status: CommitStatus) async throws(APIError) {
        let call = APICall(.post, repository.path("/commit/\(commit)/statuses/build")).json { writer in
            writer.member("key", Self.key(status.name))
            writer.member("name", Bitbucket.filled(SummaryText.line(status.name, scalars: 255)))
            writer.member("state", status.state.bitbucketWord)
            writer.member("description", SummaryText.line(status.summary, scalars: Bitbucket.limits.summaryScalars))
            writer.member("url", url(status))
        }
        try await repository.create(call, read: { _ in }, unless: { nil })
    }

    /// At most 40 characters, of which only plain ones also go into a path: a name that is longer or other is hashed.
    private static func key(_ name: String) -> String {
        let isPlain = name.utf8.allSatisfy { (0x20..<0x7F).contains($0) } && !name.contains("/")
        guard !isPlain || name.utf8.count > 40 || name.isEmpty else { return name }
        return String(Hexadecimal.text(of: SHA256.hash(data: Array(name.utf8))).prefix(40))
    }

    /// There must be one, and one that the world can reach. What stands in braces Bitbucket would fill in.
    private func url(_ status: CommitStatus) -> String {
        let url = [status.url, runPage].lazy.compactMap { SummaryText.link($0) }.first { WebURL.isPublic($0) }
        return (url ?? "\(repository.name.page)/commits/\(PercentEncoding.encode(commit))")
            .replacing("{", with: "%7B").replacing("}", with: "%7D")
    }
}

extension CommitStatus.State {
    /// Bitbucket's word.
    fileprivate var bitbucketWord: String {
        switch self {
        case .pending, .running: "INPROGRESS"
        case .passed: "SUCCESSFUL"
        case .failed, .errored: "FAILED"
        case .cancelled: "STOPPED"
        }
    }
}
