import CICore

/// The badge on the project's page: an image on a branch, and the project's word that it is its badge.
struct GitLabBadgeShelf: BranchShelf {
    let client: APIClient
    let build: GitLabBuild
    let files: GitLabFileShelf
    private static let name = "dt-ci"

    func on(_ branch: String) -> Self { Self(client: client, build: build, files: files.on(branch)) }

    /// The project's page shows one badge of ours: the first; the others only stand beside it on the branch.
    func put(_ files: [SharedFile]) async throws(APIError) -> [String?] {
        guard let first = files.first else { return [] }
        let pages = try await self.files.put(files)
        return [try await put(first)] + pages.dropFirst()
    }

    func put(_ file: SharedFile) async throws(APIError) -> String? {
        _ = try await files.put(file)
        guard let image = files.raw(file.name), let page = build.page else {
            throw APIError(.refused, "GitLab: project badge", detail: "the project's page is unknown")
        }
        let badge = Badge(image: image, link: "\(page)/-/pipelines")
        guard let standing = try await standing() else {
            try await client.create(
                call(.post, "/projects/\(build.project)/badges", badge), read: { _ in },
                unless: { () async throws(APIError) -> Void? in try await self.standing() == nil ? nil : () })
            return image
        }
        if Badge(standing) != badge, let id = standing["id"]?.int {
            try await client.send(call(.put, "/projects/\(build.project)/badges/\(id)", badge))
        }
        return image
    }

    /// What a badge shows and where it leads.
    private struct Badge: Sendable, Hashable {
        var image: String
        var link: String

        init(image: String, link: String) {
            self.image = image
            self.link = link
        }

        init?(_ badge: JSONValue) {
            guard let image = badge["image_url"]?.string, let link = badge["link_url"]?.string else { return nil }
            self.init(image: image, link: link)
        }
    }

    /// Our badge of this project; one that a group gives to all its projects is none.
    private func standing() async throws(APIError) -> JSONValue? {
        let query = [("name", Self.name), ("per_page", "100")]
        let badges = try await client.list(
            APICall(.get, "/projects/\(build.project)/badges", query: query), paging: .gitLab)
        return badges.first { $0["name"]?.string == Self.name && $0["kind"]?.string != "group" }
    }

    private func call(_ method: HTTPRequest.Method, _ path: APIPath, _ badge: Badge) -> APICall {
        APICall(method, path).json { writer in
            writer.member("name", Self.name)
            writer.member("link_url", badge.link)
            writer.member("image_url", badge.image)
        }
    }
}
