import CICore

/// What GitLab has been told of the project.
struct GitLabState: Sendable {
    var pipelines: [Pipeline]
    var statuses: [Status] = []
    /// By number within the project.
    var mergeRequests: [Int: MergeRequest]
    var packages: [PackageFile] = []
    /// Files by path, of each branch.
    var branches: [String: [String: [UInt8]]]
    var badges: [Badge] = []
    private var lastID = 30_000

    init(_ scenario: Scenario) {
        let isMerged = scenario.event == .pullRequest || scenario.event == .mergeQueue
        pipelines = [
            Pipeline(
                id: scenario.build.runID, commit: isMerged ? scenario.source.merge : scenario.source.head,
                isExternal: false)
        ]
        branches = [scenario.repository.defaultBranch: ["README.md": Array("# widgets\n".utf8)]]
        mergeRequests = [:]
        let welcome = Note(id: nextID(), body: "added 1 commit", author: scenario.build.actor, isSystem: true)
        mergeRequests[scenario.source.pullRequest] = MergeRequest(notes: [welcome])
    }

    /// A number that nothing has yet.
    mutating func nextID() -> Int {
        lastID += 1
        return lastID
    }

    /// One run of the project's pipeline.
    struct Pipeline: Sendable, Hashable {
        var id: Int
        var commit: String
        /// Made up for a status that named no pipeline: what shows as a twin.
        var isExternal: Bool
    }

    /// A commit status.
    struct Status: Sendable, Hashable {
        var id: Int
        var name: String
        var state: String
        var pipeline: Pipeline
        var description: String?
        var url: String?
        /// A later status of the same name has taken its place.
        var isRetried = false

        var isLive: Bool { state == "pending" || state == "running" }
    }

    /// A merge request's discussion.
    struct MergeRequest: Sendable, Hashable {
        var notes: [Note]
        /// Commands that notes have given, such as `/close`.
        var commands: [String] = []
    }

    /// A note of a merge request.
    struct Note: Sendable, Hashable {
        var id: Int
        var body: String
        var author: String
        var isSystem = false
        var isEdited = false
    }

    /// A file of a generic package.
    struct PackageFile: Sendable, Hashable {
        var id: Int
        var package: String
        var name: String
        /// Bytes, and how many there were.
        var body: SimulatedRequest.Body
    }

    /// A badge of the project.
    struct Badge: Sendable, Hashable {
        var id: Int
        var name: String?
        var image: String
        var link: String
    }
}

extension GitLabState {
    /// The pages of the project.
    func exhibit(_ scenario: Scenario) -> Exhibit {
        let comments = mergeRequests.sorted { $0.key < $1.key }.flatMap { number, mergeRequest in
            mergeRequest.notes.filter { !$0.isSystem }.map { note in
                ShownComment(
                    place: "Merge request !\(number)", author: note.author, markdown: note.body,
                    marks: note.isEdited ? ["edited"] : [])
            }
        }
        let stored = packages.map { ShownFile(shelf: "Package \($0.package)", path: $0.name, size: $0.body.count) }
        let committed = branches.filter { $0.key != scenario.repository.defaultBranch }.sorted { $0.key < $1.key }
            .flatMap { branch, files in
                files.sorted { $0.key < $1.key }
                    .map { ShownFile(shelf: "Branch \(branch)", path: $0.key, size: Int64($0.value.count)) }
            }
        let shown = badges.map { ShownFile(shelf: "Project badge", path: $0.image, size: 0) }
        let commands = mergeRequests.values.flatMap(\.commands).map {
            ShownNote(kind: "Quick action", text: $0, tone: .bad)
        }
        let twins = pipelines.filter(\.isExternal).map { ShownNote(kind: "External pipeline", text: "#\($0.id)") }
        return Exhibit(
            comments: comments, statuses: statuses.filter { !$0.isRetried }.map(\.shown),
            files: stored + committed + shown, notes: commands + twins)
    }
}

extension GitLabState.Status {
    fileprivate var shown: ShownStatus {
        let tone: Tone =
            switch state {
            case "success": .good
            case "failed": .bad
            case "pending", "running": .waiting
            default: .neutral
            }
        return ShownStatus(
            name: name, state: state, tone: tone, summary: description ?? "", url: url, place: pipeline.commit)
    }
}
