import Artifacts
import CICore
import CIProviders
import Orchestrator
import SystemPackage

/// Uploads artifacts of a store as a command or the end of a run asks for it.
struct ArtifactUpload {
    let store: ArtifactStore
    let places: [any ArtifactPlace]
    let surroundings: Surroundings
    /// Whether what holds a secret stays here.
    let deniesSecrets: Bool
    /// Secrets beside those of the environment, by the variables that hold them.
    var secrets: [String: Secret] = [:]

    /// Uploads them one after the other.
    func run(
        _ names: [ArtifactName], tell: @Sendable (UploadOutcome) -> Void = { _ in }
    ) async -> [UploadOutcome] {
        await ArtifactUploader(
            store: store, places: places, scan: deniesSecrets ? SecretScan(allSecrets) : nil,
            files: surroundings.files
        ).upload(names, tell: tell)
    }

    /// The artifacts that an earlier upload did not bring to any place.
    func pending(among artifacts: [StoredArtifact]) -> [ArtifactName] {
        artifacts.map(\.name).filter { name in
            // What cannot be read was never begun.
            let bytes = try? surroundings.files.contents(of: store.uploadState(of: name), limit: 64 << 20)
            return bytes.flatMap(UploadJournal.init)?.isPending ?? false
        }
    }

    private var allSecrets: [String: Secret] {
        let found = surroundings.environment.filter { name, value in
            Suite.isNameOfSecret(name) && !Self.isPath(name) && value.utf8.count >= SecretScan.leastLength
        }
        return found.mapValues { Secret($0) }.merging(secrets) { _, given in given }
    }

    /// `AWS_WEB_IDENTITY_TOKEN_FILE` and its like say where a secret is.
    private static func isPath(_ name: String) -> Bool {
        ["_FILE", "_PATH", "_DIR", "_URI", "_URL"].contains { name.uppercased().hasSuffix($0) }
    }
}

extension UploadOutcome {
    /// For people: where it is, or why it is not.
    func line(store: String) -> String {
        let title = SafeText.line(name.rawValue, limit: 120)
        let why = passed.map { "\($0.place): \(SafeText.line($0.reason, limit: 300))" }.joined(separator: "; ")
        let reasons = why.isEmpty ? "" : " (\(why))"
        switch state {
        case .placed(let place, let isNew):
            return "\(title): \(isNew ? "" : "already ")at \(SafeText.line(place.text, limit: 1000))\(reasons)"
        case .kept: return "\(title): only in \(store)\(reasons)"
        case .withheld(let finding): return "\(title): not sent, for \(finding)"
        case .failed(let reason): return "\(title): \(SafeText.line(reason, limit: 500))\(reasons)"
        }
    }

    /// For people: what the search for secrets could not look into; `nil` where it could.
    var unseenLine: String? {
        guard !unseen.isEmpty else { return nil }
        let files = unseen.prefix(5).map {
            "\(SafeText.line($0.path, limit: 120)) (\(SafeText.line($0.reason, limit: 120)))"
        }
        let rest = unseen.count - files.count
        let more = rest > 0 ? " and \(rest) more" : ""
        return
            "\(SafeText.line(name.rawValue, limit: 120)): not searched for secrets: \(files.joined(separator: ", "))\(more)"
    }

    /// As a run's results have it.
    func artifact(path: String?) -> RunArtifact? {
        guard let artifact else { return nil }
        return RunArtifact(
            name: name.rawValue, path: path, size: artifact.totals.size, digest: artifact.digest,
            places: place.map { [$0] } ?? [])
    }

    /// Whether it is where it was to go.
    var isPlaced: Bool { place != nil }

    func write(to json: inout JSONWriter) {
        json.member("name", name.rawValue)
        json.member("sha256", artifact?.digest.hexadecimal)
        json.member("size", artifact.map { Int($0.totals.size) })
        json.member("state", word)
        json.member("place", place?.title)
        json.member("url", place?.url)
        json.member("reason", reason)
        if !unseen.isEmpty {
            json.key("unsearched")
            json.array { list in
                for file in unseen {
                    list.object { json in
                        json.member("path", file.path)
                        json.member("reason", file.reason)
                    }
                }
            }
        }
        json.key("passed")
        json.array { list in
            for refusal in passed {
                list.object { json in
                    json.member("place", refusal.place)
                    json.member("reason", refusal.reason)
                }
            }
        }
    }

    private var word: String {
        switch state {
        case .placed(_, let isNew): isNew ? "uploaded" : "standing"
        case .kept: "kept"
        case .withheld: "withheld"
        case .failed: "failed"
        }
    }

    private var reason: String? {
        switch state {
        case .placed, .kept: nil
        case .withheld(let finding): finding.description
        case .failed(let reason): reason
        }
    }
}
