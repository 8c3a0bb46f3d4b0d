import CIProviders
import SystemPackage

/// A place as `--place` and `artifacts: places:` name it.
enum PlaceName: Sendable, Hashable {
    /// What the CI service or the forge itself has for artifacts.
    case auto
    case service(Service)
    case s3(S3Address)
    /// A directory that the pipeline stores when the job is over.
    case pipeline(FilePath)
    case directory(FilePath)

    /// A backend of a CI service or a forge.
    enum Service: String, Sendable, Hashable, CaseIterable {
        case gitHub = "github"
        case gitLab = "gitlab"
        case azure
        case teamCity = "teamcity"
        case bitbucket
    }

    /// What a pipeline stores unless it is told of another directory.
    static let pipelineDirectory: FilePath = ".dt-ci/upload"

    /// What people may write.
    static let forms =
        "auto, \(Service.allCases.map(\.rawValue).joined(separator: ", ")), pipeline, pipeline:DIR, "
        + "s3://BUCKET/PREFIX or a directory with a / in it"

    /// Throws `PlaceFailure` for what names no place.
    init(_ text: String, in surroundings: Surroundings) throws(PlaceFailure) {
        let words = text.split(separator: ":", maxSplits: 1).map(String.init)
        switch (words.first, words.count) {
        case ("auto", 1): self = .auto
        case ("pipeline", 1): self = .pipeline(surroundings.workingDirectory.pushing(Self.pipelineDirectory))
        case ("pipeline", 2):
            self = .pipeline(surroundings.workingDirectory.pushing(FilePath(words[1])).lexicallyNormalized())
        case ("s3", _):
            do throws(S3Address.Malformed) {
                self = .s3(try S3Address(text, environment: surroundings.environment))
            } catch {
                throw PlaceFailure("\(text) is no address of a bucket: \(error)")
            }
        case (let word?, 1) where Service(rawValue: word) != nil:
            self = Service(rawValue: word).map { .service($0) } ?? .auto
        case _ where text.contains("/") || text == ".":
            self = .directory(surroundings.workingDirectory.pushing(FilePath(text)).lexicallyNormalized())
        default: throw PlaceFailure("\"\(text)\" is no place; expected \(Self.forms)")
        }
    }
}

/// A place that cannot be meant, or not be opened.
struct PlaceFailure: Error, Hashable, CustomStringConvertible {
    let description: String

    init(_ description: String) { self.description = description }
}
