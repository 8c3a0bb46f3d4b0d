package import CICore

/// What became of one artifact's upload.
package struct UploadOutcome: Sendable, Hashable {
    /// Where it ended.
    package enum State: Sendable, Hashable {
        /// A place has all of it, checked; `isNew` unless it had it before.
        case placed(RunArtifact.Place, isNew: Bool)
        /// No place took it: it is in the local store, and a later try can go on.
        case kept
        /// It holds what must not leave.
        case withheld(SecretFinding)
        /// It cannot be read.
        case failed(String)
    }

    package var name: ArtifactName
    /// `nil` where the store has none of this name.
    package var artifact: StoredArtifact?
    package var state: State
    /// The places that did not take it, in order, and why.
    package var passed: [Refusal] = []
    /// Packed files that were not looked into for secrets, the first ones, and why.
    package var unseen: [Unseen] = []

    /// More are not worth the room.
    static let mostUnseen = 20

    package init(name: ArtifactName, artifact: StoredArtifact?, state: State, passed: [Refusal] = []) {
        self.name = name
        self.artifact = artifact
        self.state = state
        self.passed = passed
    }

    /// One place's no.
    package struct Refusal: Sendable, Hashable {
        package var place: String
        package var reason: String

        package init(place: String, reason: String) {
            self.place = place
            self.reason = reason
        }
    }

    /// A packed file that keeps what is in it to itself.
    package struct Unseen: Sendable, Hashable {
        /// In the artifact.
        package var path: String
        /// A clause, such as `it is encrypted`.
        package var reason: String

        package init(path: String, reason: String) {
            self.path = path
            self.reason = reason
        }
    }

    /// Where people find it; `nil` where no place has it.
    package var place: RunArtifact.Place? {
        guard case .placed(let place, _) = state else { return nil }
        return place
    }
}

/// A secret in what was about to leave: whose, and where, never what.
package struct SecretFinding: Sendable, Hashable, CustomStringConvertible {
    package var variable: String
    /// The file's path in the artifact.
    package var path: String
    /// Whether it is in the path itself.
    package var isInPath: Bool

    package init(variable: String, path: String, isInPath: Bool) {
        self.variable = variable
        self.path = path
        self.isInPath = isInPath
    }

    package var description: String {
        isInPath
            ? "the value of \(variable) is in a file's name"
            : "\(SafeText.line(path, limit: 200)) holds the value of \(variable)"
    }
}
