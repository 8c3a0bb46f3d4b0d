import CICore
import Crypto

/// Files on a branch of Azure Repos, such as a badge: each a push of one commit.
struct AzureBranchShelf: FileShelf {
    let api: AzureDevOps
    let address: AzureAddress
    let branch: String
    let files: any FileSystem
    private static let limit = 10 << 20
    /// Pushes of others that may come between reading the branch and pushing to it.
    private static let tries = 5
    private static let none = String(repeating: "0", count: 40)

    func put(_ file: SharedFile) async throws(APIError) -> String? {
        let name = ShelfName.safe(file.name)
        let bytes = try file.bytes(from: files, limit: Self.limit)
        for attempt in 1...Self.tries {
            let tip = try await tip()
            let standing = tip == nil ? nil : try await blob(named: name)
            if standing == Self.blobID(of: bytes) { break }
            do {
                try await push(bytes, to: name, onto: tip, isNew: standing == nil)
                break
            } catch {
                guard error.code == .conflict, attempt < Self.tries else { throw error }
            }
        }
        let base = address.collection.hasSuffix("/") ? String(address.collection.dropLast()) : address.collection
        let page: APIPath = "/\(address.project)/_git/\(address.repository)"
        return base + page.text + "?path=/\(PercentEncoding.encode(name))&version=GB\(PercentEncoding.encode(branch))"
    }

    /// The branch's commit; `nil` for a branch that is yet to be made.
    private func tip() async throws(APIError) -> String? {
        let refs = try await api.list(
            APICall(
                .get, "/\(address.project)/_apis/git/repositories/\(address.repository)/refs",
                query: [("filter", "heads/\(branch)")]))
        return refs.first { $0["name"]?.string == "refs/heads/\(branch)" }?["objectId"]?.string
    }

    /// What stands under that name, as git names it; `nil` for nothing.
    private func blob(named name: String) async throws(APIError) -> String? {
        let call = APICall(
            .get, "/\(address.project)/_apis/git/repositories/\(address.repository)/items",
            query: [
                ("scopePath", "/\(name)"), ("versionDescriptor.version", branch),
                ("versionDescriptor.versionType", "branch"),
            ], accepting: [404])
        let answer = try await api.send(call)
        guard answer.status != 404 else { return nil }
        return try answer.json()["value"]?.array.first { $0["path"]?.string == "/\(name)" }?["objectId"]?.string
    }

    private func push(_ bytes: [UInt8], to name: String, onto tip: String?, isNew: Bool) async throws(APIError) {
        let call = APICall(.post, "/\(address.project)/_apis/git/repositories/\(address.repository)/pushes")
            .json { writer in
                writer.key("refUpdates")
                writer.array([tip ?? Self.none]) { writer, tip in
                    writer.object { writer in
                        writer.member("name", "refs/heads/\(branch)")
                        writer.member("oldObjectId", tip)
                    }
                }
                writer.key("commits")
                writer.array([name]) { writer, name in
                    writer.object { writer in
                        writer.member("comment", "Update \(name)")
                        writer.key("changes")
                        writer.array([bytes]) { Self.write(change: $1, of: name, isNew: isNew, to: &$0) }
                    }
                }
            }
        // Whatever became of a push whose answer is lost, the next look at the branch tells.
        _ = try await api.create(
            call, read: { _ in true },
            unless: { () async throws(APIError) -> Bool? in
                try await blob(named: name) == Self.blobID(of: bytes) ? true : nil
            })
    }

    private static func write(change bytes: [UInt8], of name: String, isNew: Bool, to writer: inout JSONWriter) {
        writer.object { writer in
            writer.member("changeType", isNew ? "add" : "edit")
            writer.key("item")
            writer.object { $0.member("path", "/\(name)") }
            writer.key("newContent")
            writer.object { writer in
                writer.member("content", Base64.encode(bytes))
                writer.member("contentType", "base64encoded")
            }
        }
    }

    /// The id of a file's content as git counts it.
    private static func blobID(of bytes: [UInt8]) -> String {
        var digest = Insecure.SHA1()
        digest.update(data: Array("blob \(bytes.count)\u{0}".utf8))
        digest.update(data: bytes)
        return Hexadecimal.text(of: digest.finalize())
    }
}
