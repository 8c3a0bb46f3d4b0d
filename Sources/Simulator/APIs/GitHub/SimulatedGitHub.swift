import CICore

/// A simulated GitHub, or a forge that took over its API: handlers over one state.
struct SimulatedGitHub: Sendable {
    let scenario: Scenario
    let state: SimulatedState<GitHubState>

    init(_ scenario: Scenario, pullRequest: PullRequestState) {
        self.scenario = scenario
        state = SimulatedState(GitHubState(scenario, pullRequest: pullRequest))
    }
}

/// What became of the pull request while the build ran.
package enum PullRequestState: Sendable, Hashable, CaseIterable {
    /// Open or closed: both take comments.
    case open
    case locked
    case deleted
}

extension SimulatedAPI {
    /// GitHub's REST API, version 2022-11-28, as far as a CI step needs it.
    package static func gitHub(_ scenario: Scenario, pullRequest: PullRequestState = .open) -> SimulatedAPI {
        let gitHub = SimulatedGitHub(scenario, pullRequest: pullRequest)
        return SimulatedAPI(
            id: "github",
            routes: gitHub.statusRoutes + gitHub.checkRunRoutes + gitHub.commentRoutes + gitHub.pullRequestRoutes
                + gitHub.contentRoutes
                + gitHub.gitRoutes + gitHub.gistRoutes + gitHub.accountRoutes,
            authorize: gitHub.authorize, refuse: gitHub.refuse, exhibit: gitHub.exhibit)
    }
}

/// What it has been told.
struct GitHubState: Sendable {
    var lastID = 100
    var statuses: [GitHubStatus] = []
    var checkRuns: [GitHubCheckRun] = []
    var comments: [GitHubComment] = []
    var pullRequest: PullRequestState
    var git: GitHubObjects
    /// The files of each gist by name.
    var gists: [String: [String: String]]

    init(_ scenario: Scenario, pullRequest: PullRequestState) {
        self.pullRequest = pullRequest
        git = GitHubObjects(scenario)
        gists = [Self.gist: ["README.md": "badges"]]
    }

    /// The gist that exists.
    static let gist = "aa5a315d61ae9438b18d"

    mutating func nextID() -> Int {
        lastID += 1
        return lastID
    }
}

extension SimulatedGitHub {
    /// `/repos/{owner}/{repo}` and more.
    static func path(_ rest: String) -> String { "/repos/{owner}/{repo}" + rest }

    /// What a person would see on the forge's pages.
    @Sendable func exhibit() -> Exhibit {
        state { state in
            Exhibit(
                comments: state.comments.map { $0.shown(scenario) }, statuses: GitHubStatus.shown(state.statuses),
                reports: state.checkRuns.map(\.shown),
                files: state.git.shown(scenario)
                    + state.gists.sorted { $0.key < $1.key }.flatMap { gist, files in
                        files.sorted { $0.key < $1.key }.map {
                            ShownFile(shelf: "Gist \(gist)", path: $0, size: Int64($1.utf8.count))
                        }
                    })
        }
    }

    /// The answer with one page of a list, and the way to the others in its `Link`.
    static func page(
        _ all: [JSONValue], of request: SimulatedRequest, _ wrap: ([JSONValue]) -> JSONValue = { .array($0) }
    ) -> SimulatedAnswer {
        let sizeName = request.query["limit"] == nil ? "per_page" : "limit"
        let size = max(1, min(100, request.query[sizeName].flatMap(Int.init) ?? 30))
        let page = max(1, request.query["page"].flatMap(Int.init) ?? 1)
        let last = max(1, (all.count + size - 1) / size)
        let start = min(all.count, (page - 1) * size)
        let answer = SimulatedAnswer.json(200, wrap(Array(all[start..<min(all.count, start + size)])))
        guard page < last else { return answer }
        let others = request.query.pairs.filter { $0.name != "page" }.map { "\($0.name)=\(escape($0.value))&" }.joined()
        let links = [("next", page + 1), ("last", last)].map { relation, number in
            "<\(request.moment.base)\(request.target.path)?\(others)page=\(number)>; rel=\"\(relation)\""
        }
        return answer.with("Link", links.joined(separator: ", "))
    }

    private static func escape(_ text: String) -> String {
        text.utf8.map { byte in
            let scalar = Unicode.Scalar(byte)
            let isPlain = byte < 0x80 && (scalar.properties.isAlphabetic || scalar.properties.numericType != nil)
            return isPlain ? String(scalar) : "%" + (byte < 16 ? "0" : "") + String(byte, radix: 16, uppercase: true)
        }.joined()
    }
}
