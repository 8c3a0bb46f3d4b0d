import CICore

/// Check runs: one for each name and execution of the pipeline.
struct GitHubCheckRunBoard: AnnotationBoard {
    let repository: GitHubRepository
    let commit: String
    /// Tells this execution's check run from those of earlier ones, whose annotations could not be taken away.
    let execution: String

    /// More would take longer than reporting may, and nobody reads them.
    private static let annotationLimit = 1_000

    func post(_ report: AnnotatedReport) async throws(APIError) -> String? {
        let words = GitHubCheckRunWords(report, execution: execution)
        let all = Array(report.annotations.lazy.compactMap(GitHubAnnotation.init).prefix(Self.annotationLimit))
        var parts: [[GitHubAnnotation]]
        var run: CheckRun
        if let own = try await own(words.name) {
            parts = GitHubAnnotation.parts(try await missing(all, in: own))
            run = try await update(own, words, adding: parts.first ?? [])
        } else {
            parts = GitHubAnnotation.parts(all)
            run = try await create(words, with: parts.first ?? [])
        }
        for part in parts.dropFirst() { run = try await update(run, words, adding: part) }
        return run.page
    }

    /// This execution's check run of that name; of twins the first.
    private func own(_ name: String) async throws(APIError) -> CheckRun? {
        try await repository.list(
            "/repos/\(repository.owner)/\(repository.name)/commits/\(commit)/check-runs",
            query: [("check_name", name), ("filter", "all")], paging: .linkHeaderWithin(elements: "check_runs")
        ).filter { $0["external_id"]?.string == execution && $0["name"]?.string == name }
            .compactMap(CheckRun.init).min { $0.id < $1.id }
    }

    /// What the check run does not have yet: annotations are only ever added.
    private func missing(
        _ annotations: [GitHubAnnotation], in run: CheckRun
    ) async throws(APIError) -> [GitHubAnnotation] {
        guard run.annotationCount > 0, !annotations.isEmpty else { return annotations }
        let path: APIPath = "/repos/\(repository.owner)/\(repository.name)/check-runs/\(run.id)/annotations"
        // A page of the longest kind could be more than an answer may hold: a message has up to 64 KB.
        let call = APICall(.get, path, query: [("per_page", "20")])
        let standing = Set(
            try await repository.client.list(call, paging: .linkHeader).compactMap(GitHubAnnotation.init))
        return annotations.filter { !standing.contains($0) }
    }

    private func create(
        _ words: GitHubCheckRunWords, with annotations: [GitHubAnnotation]
    ) async throws(APIError) -> CheckRun {
        let path: APIPath = "/repos/\(repository.owner)/\(repository.name)/check-runs"
        let call = APICall(.post, path).json { json in
            json.key("head_sha")
            json.value(commit)
            words.write(to: &json, annotations)
        }
        return try await repository.client.create(
            call, read: CheckRun.read,
            unless: { () async throws(APIError) -> CheckRun? in try await own(words.name) })
    }

    private func update(
        _ run: CheckRun, _ words: GitHubCheckRunWords, adding annotations: [GitHubAnnotation]
    ) async throws(APIError) -> CheckRun {
        let call = APICall(.patch, path(of: run)).json { words.write(to: &$0, annotations) }
        return try await repository.client.create(
            call, read: CheckRun.read,
            unless: { () async throws(APIError) -> CheckRun? in
                guard !annotations.isEmpty else { return nil }
                let now = try CheckRun.read(try await repository.client.send(APICall(.get, path(of: run))))
                return now.annotationCount >= run.annotationCount + annotations.count ? now : nil
            })
    }

    private func path(of run: CheckRun) -> APIPath {
        "/repos/\(repository.owner)/\(repository.name)/check-runs/\(run.id)"
    }
}

/// A check run as the API has it.
private struct CheckRun: Sendable {
    let id: Int
    let annotationCount: Int
    let page: String?

    init?(_ json: JSONValue) {
        guard let id = json["id"]?.int else { return nil }
        self.id = id
        annotationCount = json["output"]?["annotations_count"]?.int ?? 0
        page = json["html_url"]?.string
    }

    @Sendable static func read(_ answer: APIAnswer) throws(APIError) -> CheckRun {
        guard let run = CheckRun(try answer.json()) else { throw answer.malformed("the answer is no check run") }
        return run
    }
}
