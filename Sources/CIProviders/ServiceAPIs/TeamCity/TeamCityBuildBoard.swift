import CICore

/// What TeamCity shows of a build beside its log.
struct TeamCityBuildBoard: BuildBoard {
    let build: TeamCityBuild
    /// Of a problem's description, as service messages have it; the texts share it.
    private static let textLimit = 4_000

    /// The status text of a running build; of one that has finished, whose status text is fixed, the comment.
    func describe(_ text: String) async throws(APIError) {
        let line = SummaryText.line(text, units: Self.textLimit)
        do {
            try await build.client.send(build.text(.put, "/statusText", line))
        } catch {
            guard error.code == .refused, error.status == 400 else { throw error }
            try await build.client.send(build.text(.put, "/comment", line))
        }
    }

    /// Adds them to those that the build has.
    func tag(_ tags: [String]) async throws(APIError) {
        guard !tags.isEmpty else { return }
        let call = APICall(.post, build.path("/tags")).json { writer in
            writer.key("tag")
            writer.array(tags) { writer, tag in
                writer.object { writer in
                    writer.member("name", SummaryText.line(tag, units: 60))
                }
            }
        }
        // A tag that is there already stays one.
        _ = try await build.client.create(call, read: { _ in true }, unless: { nil })
    }

    /// Names a reason for a red build. The REST API makes the problem's identity itself; one with the same words is not
    /// posted twice.
    func reportProblem(_ text: String) async throws(APIError) {
        let line = SummaryText.line(text, units: Self.textLimit)
        guard try await !hasProblem(line) else { return }
        _ = try await build.client.create(
            build.text(.post, "/problemOccurrences", line), read: { _ in true },
            unless: { () async throws(APIError) -> Bool? in try await hasProblem(line) ? true : nil })
    }

    private func hasProblem(_ text: String) async throws(APIError) -> Bool {
        let call = APICall(
            .get, build.path("/problemOccurrences"), query: [("fields", "nextHref,problemOccurrence(details)")])
        let problems = try await build.client.list(
            call, paging: .bodyURL(next: ["nextHref"], elements: "problemOccurrence"))
        return problems.contains { $0["details"]?.string == text }
    }
}
