import CICore
import Crypto

/// The file container of a build, as the agent of Azure Pipelines writes it (azure-pipelines-agent, `FileContainerServer`):
/// files by path, in parts; a directory becomes an artifact when the build is told of it ("Artifacts - Create").
struct AzureFileContainer: ArtifactContainer {
    let build: AzureBuild
    /// `BUILD_CONTAINERID`
    let id: String
    /// `SYSTEM_TEAMPROJECTID`, by which containers of projects are told apart.
    let scope: String

    /// The agent's own.
    private static let partSize: Int64 = 4 << 20
    /// Larger files are not read back, only asked for their size.
    private static let readBackLimit: Int64 = 64 << 20

    /// Of the build that this job is part of.
    static func open(of build: AzureBuild) -> Access<any ArtifactContainer> {
        guard let id = build.environment["BUILD_CONTAINERID"], let scope = build.environment["SYSTEM_TEAMPROJECTID"]
        else {
            return .closed(
                Obstacle(
                    "BUILD_CONTAINERID and SYSTEM_TEAMPROJECTID are not set",
                    advice: "hand BUILD_* and SYSTEM_* variables on"))
        }
        return .open(AzureFileContainer(build: build, id: id, scope: scope))
    }

    func put(_ file: SharedFile) async throws(APIError) -> String? {
        do throws(APIError) {
            try await send(file)
        } catch {
            guard error.code == .conflict else { throw error }
            // What an earlier try left there takes no other bytes.
            try await build.api.send(call(.delete, file.name, accepting: [404]))
            try await send(file)
        }
        try await check(file)
        return nil
    }

    func publish(_ directory: String, size: Int64) async throws(APIError) -> String? {
        let place = "#/\(id)/\(directory)"
        let artifacts: APIPath = "/\(build.project)/_apis/build/builds/\(build.id)/artifacts"
        let call = APICall(.post, artifacts).json { json in
            json.member("name", directory)
            json.present("source", build.environment["SYSTEM_JOBID"])
            json.key("resource")
            json.object { json in
                json.member("type", "Container")
                json.member("data", place)
                json.key("properties")
                json.object { $0.member("artifactsize", String(size)) }
            }
        }
        do throws(APIError) {
            try await build.api.create(
                call, read: { _ in },
                unless: { () async throws(APIError) -> Void? in try await isPublished(directory, at: place) ? () : nil }
            )
        } catch {
            guard error.code == .conflict, try await isPublished(directory, at: place) else { throw error }
        }
        return build.environment.context.execution.run.url.map { "\($0)&view=artifacts&type=publishedArtifacts" }
    }

    private func isPublished(_ name: String, at place: String) async throws(APIError) -> Bool {
        let path: APIPath = "/\(build.project)/_apis/build/builds/\(build.id)/artifacts"
        return try await build.api.list(APICall(.get, path)).contains { artifact in
            artifact["name"]?.string == name && artifact["resource"]?["data"]?.string == place
        }
    }

    // MARK: One file

    private func call(_ method: HTTPRequest.Method, _ name: String, accepting: Set<Int> = []) -> APICall {
        APICall(
            method, "/_apis/resources/Containers/\(id)",
            query: [("itemPath", name), ("scope", scope), ("api-version", "7.1-preview.4")], accepting: accepting)
    }

    /// The parts one after the other; an empty file is a call without any.
    private func send(_ file: SharedFile) async throws(APIError) {
        let body = HTTPBody(file.content)
        let total = body.count
        guard total > 0 else {
            try await build.api.send(call(.put, file.name))
            return
        }
        var offset: Int64 = 0
        while offset < total {
            let end = min(offset + Self.partSize, total)
            var call = call(.put, file.name)
            call.body = body.part(from: offset, count: Self.partSize)
            call.headers = [
                HTTPHeader("Content-Type", "application/octet-stream"),
                HTTPHeader("Content-Range", "bytes \(offset)-\(end - 1)/\(total)"),
            ]
            try await build.api.send(call)
            offset = end
        }
    }

    /// Compares what arrived with what was sent.
    private func check(_ file: SharedFile) async throws(APIError) {
        let size = HTTPBody(file.content).count
        let answer = try await build.api.send(call(.get, file.name))
        let item = try answer.json()["value"]?.array.first {
            $0["itemType"]?.string?.lowercased() == "file" && $0["path"]?.string == file.name
        }
        guard item?["fileLength"]?.int.map(Int64.init) == size else { throw answer.malformed(Self.difference) }
        guard let digest = file.digest, size <= Self.readBackLimit else { return }
        var sum = SHA256()
        let count = try await get(file.name) { sum.update(data: $0) }
        guard count == size, ContentDigest(bytes: sum.finalize()) == digest else {
            throw answer.malformed(Self.difference)
        }
    }

    private static let difference = "what arrived is not what was sent"

    func get(
        _ name: String, into sink: (_ part: [UInt8]) throws(APIError) -> Void
    ) async throws(APIError) -> Int64? {
        try await RangedDownload(what: "Azure Pipelines: \(SafeText.line(name, limit: 200))").run(
            fetch: { headers async throws(APIError) -> APIAnswer in
                var call = call(.get, name, accepting: [404, 416])
                call.headers = headers + [HTTPHeader("Accept", "application/octet-stream")]
                // Should the server send no parts, all of a file comes at once.
                call.answerLimit = 512 << 20
                return try await build.api.fetch(call)
            }, into: sink)
    }
}
