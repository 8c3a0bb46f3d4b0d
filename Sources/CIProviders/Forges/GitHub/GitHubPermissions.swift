import CICore

/// What the API says of the tokens without anything being written.
struct GitHubPermissions: Sendable {
    let desk: GitHubDesk
    let advice: [Capability: String]
    /// What is asked about, with what is already known to be in the way.
    let obstacles: [(capability: Capability, obstacle: Obstacle?)]

    /// One finding for each capability; the repository is read once with each token.
    func findings() async -> [PermissionFinding] {
        var words: [String: Word] = [:]
        var findings: [PermissionFinding] = []
        for (capability, obstacle) in obstacles {
            if let obstacle {
                findings.append(
                    PermissionFinding(
                        capability, isGranted: false, token: variable(capability), advice: obstacle.advice))
            } else if capability == .artifacts {
                // The token is made for nothing else.
                findings.append(
                    PermissionFinding(capability, isGranted: true, token: variable(capability), advice: ""))
            } else if case .open(let repository) = desk.repository(for: capability) {
                let variable = variable(capability)
                let word: Word
                if let known = words[variable] { word = known } else { word = await Word(of: repository) }
                words[variable] = word
                findings.append(
                    PermissionFinding(
                        capability, isGranted: word.grants(capability), token: variable,
                        advice: word.trouble ?? advice[capability] ?? "", trouble: word.error))
            }
        }
        return findings
    }

    private func variable(_ capability: Capability) -> String {
        if capability == .artifacts { return "ACTIONS_RUNTIME_TOKEN" }
        guard case .open(let token) = desk.token(for: capability) else {
            return desk.flavor.tokens(desk.access).first { desk.access[$0.variable] != nil }?.variable ?? ""
        }
        return token.variable
    }
}

/// What the repository's entry tells of the token that reads it.
private struct Word: Sendable {
    /// What is wrong with the token whatever it is used for.
    let trouble: String?
    /// Why the repository could not be read.
    let error: APIError?
    private let isRefused: Bool
    /// Of a person's classic token.
    private let scopes: Set<String>
    private let mayPush: Bool

    init(of repository: GitHubRepository) async {
        do {
            let answer = try await repository.client.send(
                APICall(.get, "/repos/\(repository.owner)/\(repository.name)"))
            self.init(answer: answer, entry: try answer.json())
        } catch {
            self.init(error)
        }
    }

    private init(_ error: APIError) {
        isRefused = error.code == .unauthorized || error.code == .notFound
        self.error = error
        trouble = isRefused ? "renew the token: \(error)" : error.description
        scopes = []
        mayPush = false
    }

    private init(answer: APIAnswer, entry: JSONValue) {
        let header = answer.response[header: "X-OAuth-Scopes"] ?? ""
        scopes = Set(header.split(separator: ",").map { String($0.filter { $0 != " " }) })
        mayPush = entry["permissions"]?["push"]?.bool ?? false
        isRefused = false
        error = nil
        let isSpent = answer.response[header: "X-RateLimit-Remaining"] == "0"
        trouble = isSpent ? "wait: the token's rate limit is used up" : nil
    }

    /// GitHub's documentation, "Scopes for OAuth apps". Of an app's token nothing but doing it tells.
    func grants(_ capability: Capability) -> Bool? {
        if isRefused { return false }
        guard scopes.isEmpty else {
            let isRepository = !scopes.isDisjoint(with: ["repo", "public_repo"])
            return switch capability {
            case .gist: scopes.contains("gist")
            case .commitStatus: isRepository || scopes.contains("repo:status")
            default: isRepository
            }
        }
        return mayPush && capability != .annotatedReport && capability != .gist ? true : nil
    }
}
