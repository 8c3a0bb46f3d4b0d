import CICore

/// Files of a gist that exists; gists hold text only.
struct GitHubGistShelf: FileShelf {
    let client: APIClient
    /// The gist's id.
    let id: String
    let files: any FileSystem

    private static let limit = 10 << 20

    func put(_ file: SharedFile) async throws(APIError) -> String? {
        let content = String(decoding: try file.bytes(from: files, limit: Self.limit), as: UTF8.self)
        let call = APICall(.patch, "/gists/\(id)").json { json in
            json.key("files")
            json.object { json in
                json.key(dynamic: ShelfName.safe(file.name))
                json.object { json in
                    json.key("content")
                    json.value(content)
                }
            }
        }
        let answer = try await client.create(call, read: { $0 }, unless: { nil })
        return try answer.json()["html_url"]?.string
    }

    /// The id in `DTCI_GIST`, which may be the gist's address.
    static func id(_ access: APIAccess) -> Access<String> {
        let name = access["DTCI_GIST"]?.split(separator: "/").last
        guard let name, !name.isEmpty, name.allSatisfy({ $0.isHexDigit }) else {
            return .closed(Obstacle("no gist is named", advice: "set DTCI_GIST to the gist's id"))
        }
        return .open(String(name))
    }
}
