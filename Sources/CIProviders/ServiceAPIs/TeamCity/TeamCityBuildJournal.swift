import CICore

/// What TeamCity tells of a build; the server's own numbers are the ids.
struct TeamCityBuildJournal: BuildJournal {
    let build: TeamCityBuild

    var currentJob: String? { build.id }

    func jobs() async throws(APIError) -> [BuildJob] {
        let fields = "id,number,status,state,webUrl,buildTypeId,buildType(name)"
        let document = try await build.client.send(
            APICall(.get, build.path(""), query: [("fields", fields)])
        ).json()
        let id = document["id"]?.int.map(String.init) ?? build.id
        let name = document["buildType"]?["name"]?.string ?? document["buildTypeId"]?.string ?? id
        let number = document["number"]?.string.map { " #\($0)" } ?? ""
        let state = [document["state"]?.string, document["status"]?.string].compactMap(\.self)
        return [
            BuildJob(
                id: id, name: name + number, state: state.joined(separator: " "), url: document["webUrl"]?.string)
        ]
    }

    func tests(ofJob id: String) async throws(APIError) -> [JournalTest] {
        let call = APICall(
            .get, "/app/rest/testOccurrences",
            query: [
                ("locator", "build:(id:\(Self.plain(id))),count:1000"),
                ("fields", "nextHref,testOccurrence(name,status,ignored,duration)"),
            ])
        let tests = try await build.client.list(
            call, paging: .bodyURL(next: ["nextHref"], elements: "testOccurrence"), limit: 1_000_000)
        return tests.map { test in
            JournalTest(
                name: test["name"]?.string ?? "",
                result: test["ignored"]?.bool == true ? "IGNORED" : test["status"]?.string ?? "UNKNOWN",
                duration: test["duration"]?.double.map { .microseconds(Int64($0 * 1_000)) })
        }
    }

    func artifacts(ofJob id: String) async throws(APIError) -> [JournalArtifact] {
        let call = APICall(
            .get, build.path("/artifacts", ofBuild: id),
            query: [("locator", "recursive:true"), ("fields", "file(fullName,name,size,content(href))")])
        let files = try await build.client.send(call).json()["file"]?.array ?? []
        return files.compactMap { file in
            // Directories have no content.
            guard let path = file["fullName"]?.string ?? file["name"]?.string,
                let href = file["content"]?["href"]?.string
            else { return nil }
            return JournalArtifact(
                path: path, url: build.client.base + href, size: file["size"]?.double.flatMap { Int64(exactly: $0) })
        }
    }

    /// Queues a build of the same configuration and branch.
    func restart(job id: String?) async throws(APIError) {
        let document = try await build.client.send(
            APICall(.get, build.path("", ofBuild: id), query: [("fields", "buildTypeId,branchName,defaultBranch")])
        ).json()
        guard let configuration = document["buildTypeId"]?.string else {
            throw APIError(.malformed, "TeamCity: build \(id ?? build.id)", detail: "it has no build configuration")
        }
        let branch = document["defaultBranch"]?.bool == true ? nil : document["branchName"]?.string
        let call = APICall(.post, "/app/rest/buildQueue").json { writer in
            writer.key("buildType")
            writer.object { writer in
                writer.member("id", configuration)
            }
            if let branch {
                writer.member("branchName", branch)
            }
            writer.key("comment")
            writer.object { writer in
                writer.member("text", "once more after build \(id ?? build.id), by dt-ci")
            }
        }
        try await build.client.send(call)
    }

    /// An id as a locator takes it: nothing that could end the locator's part.
    private static func plain(_ id: String) -> String { String(id.filter { $0.isLetter || $0.isNumber }) }
}
