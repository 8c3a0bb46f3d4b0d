import CICore
import Crypto

/// Artifacts of the workflow run, version 4: created, uploaded to a blob storage, finalized.
struct ActionsArtifactShelf: FileShelf {
    let runtime: ActionsRuntime
    let files: any FileSystem
    /// The page of the workflow run below which artifacts are found; `nil` where it is not known.
    let runPage: String?

    /// A zip archive becomes an artifact as it is, called like it but for `.zip`; any other file is put into one.
    func put(_ file: SharedFile) async throws(APIError) -> String? {
        let isArchive = file.mediaType == "application/zip" && file.digest != nil && file.name.hasSuffix(".zip")
        let name = ShelfName.safe(isArchive ? String(file.name.dropLast(4)) : file.name)
        let archive: StoredZip
        if isArchive, let digest = file.digest {
            archive = StoredZip(body: HTTPBody(file.content), digest: digest.hexadecimal)
        } else {
            do {
                archive = try StoredZip(file: name, file.content, files)
            } catch {
                throw APIError(.refused, file.name, detail: error.description)
            }
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

    /// The id of the finalized artifact of that name.
    private func standing(_ name: String) async throws(APIError) -> String? {
        try await artifact(name).flatMap { text("database_id", "databaseId", in: $0) }
    }

    private func artifact(_ name: String) async throws(APIError) -> JSONValue? {
        let call = runtime.call("ListArtifacts") { json in
            json.key("name_filter")
            json.value(name)
        }
        let artifacts = try await runtime.client.create(call, read: { $0 }, unless: { nil }).json()["artifacts"]?.array
        return artifacts?.first { $0["name"]?.string == name }
    }

    /// Where an artifact's archive can be fetched for some minutes.
    private func download(of artifact: JSONValue, _ name: String) async throws(APIError) -> String {
        // Another job's artifact is asked for by that job's id.
        let call = runtime.call(
            "GetSignedArtifactURL", job: text("workflow_job_run_backend_id", "workflowJobRunBackendId", in: artifact)
        ) { $0.member("name", name) }
        let answer = try await runtime.client.create(call, read: { $0 }, unless: { nil })
        guard let url = text("signed_url", "signedUrl", in: try answer.json()) else {
            throw answer.malformed("the answer has no download URL")
        }
        return url
    }

    /// The service writes names as its schema does or as JSON does, and 64-bit numbers as text.
    private func text(_ names: String..., in json: JSONValue) -> String? {
        for name in names {
            if let text = json[name]?.string ?? json[name]?.int.map(String.init) { return text }
        }
        return nil
    }
}

extension ActionsArtifactShelf: FileSource {
    /// The archive of the artifact that is called like the name, but for `.zip`.
    func get(
        _ name: String, into sink: (_ part: [UInt8]) throws(APIError) -> Void
    ) async throws(APIError) -> Int64? {
        let name = ShelfName.safe(name.hasSuffix(".zip") ? String(name.dropLast(4)) : name)
        guard let artifact = try await artifact(name) else { return nil }
        // The URL carries its own permission, which no error may show.
        let storage = APIClient(
            title: "artifact storage", base: try await download(of: artifact, name), headers: [],
            exchange: runtime.client.exchange)
        return try await RangedDownload(what: "artifact storage: \(name)").run(
            fetch: { headers async throws(APIError) -> APIAnswer in
                try await storage.send(APICall(.get, "", headers: headers, accepting: [404, 416]))
            }, into: sink)
    }
}
