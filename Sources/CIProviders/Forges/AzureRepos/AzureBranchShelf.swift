import CICore
import Crypto

/// Files on a branch of Azure Repos, such as a badge: a push of one commit.
struct AzureBranchShelf: BranchShelf {
    let api: AzureDevOps
    let address: AzureAddress
    let branch: String
    let files: any FileSystem
    private static let limit = 10 << 20
    /// Pushes of others that may come between reading the branch and pushing to it.
    private static let tries = 5
    private static let none = String(repeating: "0", count: 40)

    func on(_ branch: String) -> Self { Self(api: api, address: address, branch: branch, files: files) }

    func put(_ file: SharedFile) async throws(APIError) -> String? { try await put([file])[0] }

    func put(_ files: [SharedFile]) async throws(APIError) -> [String?] {
        var all: [Change] = []
        for file in files {
            let bytes = try file.bytes(from: self.files, limit: Self.limit)
            all.append(Change(name: ShelfName.safe(file.name), bytes: bytes, isNew: true))
        }
        for attempt in 1...Self.tries {
            let tip = try await tip()
            let changes = try await changes(all, onto: tip)
            guard !changes.isEmpty else { break }
            do {
                try await push(changes, onto: tip)
                break
            } catch {
                guard error.code == .conflict, attempt < Self.tries else { throw error }
            }
        }
        return all.map { page(of: $0.name) }
    }

    /// A file that is to stand on the branch.
    private struct Change: Sendable {
        var name: String
        var bytes: [UInt8]
        /// Whether the branch has none of that name.
        var isNew: Bool
    }

    /// Those that do not stand there already.
    private func changes(_ files: [Change], onto tip: String?) async throws(APIError) -> [Change] {
        guard tip != nil else { return files }
        var changes: [Change] = []
        for file in files {
            let standing = try await blob(named: file.name)
            guard standing != Self.blobID(of: file.bytes) else { continue }
            changes.append(Change(name: file.name, bytes: file.bytes, isNew: standing == nil))
        }
        return changes
    }

    private func page(of name: String) -> String {
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

    private func push(_ changes: [Change], onto tip: String?) async throws(APIError) {
        let names = changes.map(\.name).joined(separator: ", ")
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
                writer.array([names]) { writer, names in
                    writer.object { writer in
                        writer.member("comment", "Update \(names)")
                        writer.key("changes")
                        writer.array(changes) { Self.write($1, to: &$0) }
                    }
                }
            }
        // Whatever became of a push whose answer is lost, the next look at the branch tells.
        _ = try await api.create(
            call, read: { _ in true },
            unless: { () async throws(APIError) -> Bool? in
                try await self.changes(changes, onto: Self.none).isEmpty ? true : nil
            })
    }

    private static func write(_ change: Change, to writer: inout JSONWriter) {
        writer.object { writer in
            writer.member("changeType", change.isNew ? "add" : "edit")
            writer.key("item")
            writer.object { $0.member("path", "/\(change.name)") }
            writer.key("newContent")
            writer.object { writer in
                writer.member("content", Base64.encode(change.bytes))
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
