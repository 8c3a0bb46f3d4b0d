import CICore
import Crypto

/// Code Insights: a report on the commit with remarks on lines.
struct BitbucketInsights: AnnotationBoard {
    /// The ways to the repository, the better one first: with a token, by the proxy of Bitbucket Pipelines.
    let ways: [BitbucketRepository]
    let commit: String

    func post(_ report: AnnotatedReport) async throws(APIError) -> String? {
        let id = "dt-ci-" + Hexadecimal.text(of: SHA256.hash(data: Array(report.status.name.utf8))).prefix(32)
        var failure: APIError?
        for repository in ways {
            do {
                try await Posting(repository: repository, commit: commit, report: id).post(report)
                return "\(repository.name.page)/commits/\(PercentEncoding.encode(commit))"
            } catch  where [.unauthorized, .forbidden, .notFound, .unreachable].contains(error.code) {
                // The first refusal tells more than that of the way round it.
                failure = failure ?? error
            }
        }
        if let failure { throw failure }
        return nil
    }

    /// One report on its way.
    private struct Posting: Sendable {
        let repository: BitbucketRepository
        let commit: String
        let report: String

        static let batch = 100
        static let limit = 1_000

        func post(_ content: AnnotatedReport) async throws(APIError) {
            let isFinal = content.status.state.bitbucketResult != "PENDING"
            // Remarks of an earlier run of this commit would stay, those on tests that pass now included.
            if isFinal { try await repository.send(APICall(.delete, path(""), accepting: [404])) }
            try await repository.send(APICall(.put, path("")).json { content.write(to: &$0) })
            let remarks = BitbucketRemark.all(of: content.annotations.prefix(Self.limit), within: report)
            for start in stride(from: 0, to: remarks.count, by: Self.batch) {
                try await add(Array(remarks[start..<min(start + Self.batch, remarks.count)]))
            }
        }

        private func add(_ remarks: [BitbucketRemark]) async throws(APIError) {
            var writer = JSONWriter(capacity: remarks.count * 600)
            writer.array(remarks) { writer, remark in remark.write(to: &writer) }
            let call = APICall(
                .post, path("/annotations"), headers: [HTTPHeader("Content-Type", "application/json")],
                body: HTTPBody(writer.bytes))
            try await repository.create(
                call, read: { _ in },
                unless: { () async throws(APIError) -> Void? in
                    let standing = try await repository.list(APICall(.get, path("/annotations")))
                    return standing.contains { $0["external_id"]?.string == remarks.last?.id } ? () : nil
                })
        }

        private func path(_ rest: APIPath) -> APIPath {
            let own = repository.path("/commit/\(commit)/reports/\(report)")
            return APIPath(stringLiteral: own.text + rest.text)
        }
    }
}

extension AnnotatedReport {
    /// The members of a Code Insights report. Its text is shown as it is, without Markdown.
    fileprivate func write(to writer: inout JSONWriter) {
        // Neither may be empty.
        writer.member("title", Bitbucket.filled(SummaryText.line(status.name, scalars: 255)))
        writer.member("reporter", "dt-ci")
        writer.member("report_type", "TEST")
        writer.member("result", status.state.bitbucketResult)
        writer.member("details", Bitbucket.filled(SummaryText.line(status.summary, scalars: 450)))
        writer.present("link", SummaryText.link(status.url))
        writer.key("data")
        writer.array(figures.prefix(10)) { writer, figure in
            writer.object { writer in
                writer.member("title", SummaryText.line(figure.name, scalars: 100))
                writer.member("type", "NUMBER")
                writer.member("value", figure.value)
            }
        }
    }
}

extension CommitStatus.State {
    /// Bitbucket's word for a report's result.
    fileprivate var bitbucketResult: String {
        switch self {
        case .pending, .running: "PENDING"
        case .passed: "PASSED"
        case .failed, .errored, .cancelled: "FAILED"
        }
    }
}
