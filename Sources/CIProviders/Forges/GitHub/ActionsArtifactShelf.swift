import CICore
import Crypto

/// Artifacts of the workflow run, version 4: created, uploaded to a blob storage, finalized.
struct ActionsArtifactShelf: FileShelf {
    let runtime: ActionsRuntime
    let files: any FileSystem
    /// The page of the workflow run below which artifacts are found; `nil` where it is not known.
    let runPage: String?

    func put(_ file: SharedFile) async throws(APIError) -> String? {
        let name = ShelfName.safe(file.name)
        let archive: StoredZip
        do {
            archive = try StoredZip(file: name, file.content, files)
        } catch {
            throw APIError(.refused, file.name, detail: error.description)
        }
        let url = try await create(name)
        try await BlockBlob(url: url, exchange: runtime.client.exchange).upload(archive.body)
        let id = try await finalize(name, archive)
        return runPage.map { "\($0)/artifacts/\(id)" }
    }

    /// Takes the name, away from an older artifact if need be, and returns where to upload.
    private func create(_ name: String) async throws(APIError) -> String {
        // 4 is a zip archive, which every version of the download action understands.
        let call = runtime.call("CreateArtifact") { json in
            json.key("name")
            json.value(name)
            json.key("version")
            json.value(4)
        }
        let answer: APIAnswer
        do {
            answer = try await runtime.client.create(call, read: { $0 }, unless: { nil })
        } catch {
            guard error.code == .conflict else { throw error }
            try await delete(name)
            answer = try await runtime.client.create(call, read: { $0 }, unless: { nil })
        }
        guard let url = text("signed_upload_url", "signedUploadUrl", in: try answer.json()) else {
            throw answer.malformed("the answer has no upload URL")
        }
        return url
    }

    private func delete(_ name: String) async throws(APIError) {
        var call = runtime.call("DeleteArtifact") { json in
            json.key("name")
            json.value(name)
        }
        // Gone already: by another job, or by a call whose answer was lost.
        call.accepted = [404]
        _ = try await runtime.client.create(call, read: { $0 }, unless: { nil })
    }

    private func finalize(_ name: String, _ archive: StoredZip) async throws(APIError) -> String {
        let call = runtime.call("FinalizeArtifact") { json in
            for (key, value) in [
                ("name", name), ("size", String(archive.body.count)), ("hash", "sha256:\(archive.digest)"),
            ] {
                json.key(dynamic: key)
                json.value(value)
            }
        }
        return try await runtime.client.create(
            call,
            read: { answer throws(APIError) in
                guard let id = text("artifact_id", "artifactId", in: try answer.json()) else {
                    throw answer.malformed("the answer has no artifact id")
                }
                return id
            }, unless: { () async throws(APIError) -> String? in try await standing(name) })
    }

    /// The finalized artifact of that name.
    private func standing(_ name: String) async throws(APIError) -> String? {
        let call = runtime.call("ListArtifacts") { json in
            json.key("name_filter")
            json.value(name)
        }
        let artifacts = try await runtime.client.create(call, read: { $0 }, unless: { nil }).json()["artifacts"]?.array
        return artifacts?.first { $0["name"]?.string == name }.flatMap { text("database_id", "databaseId", in: $0) }
    }

    /// The service writes names as its schema does or as JSON does, and 64-bit numbers as text.
    private func text(_ names: String..., in json: JSONValue) -> String? {
        for name in names {
            if let text = json[name]?.string ?? json[name]?.int.map(String.init) { return text }
        }
        return nil
    }
}
