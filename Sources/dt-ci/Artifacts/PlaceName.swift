import CICore
import CIProviders
import Orchestrator
import SystemPackage

/// A place as `--place` and `artifacts: places:` name it.
enum PlaceName: Sendable, Hashable {
    /// What the CI service or the forge itself has for artifacts.
    case auto
    /// What a forge or a CI service offers under this name.
    case offered(String)
    case s3(S3Address)
    /// A directory that the pipeline stores when the job is over.
    case pipeline(FilePath)
    case directory(FilePath)

    /// What a pipeline stores unless it is told of another directory.
    static let pipelineDirectory: FilePath = ".dt-ci/upload"

    /// What people may write.
    static let forms =
        "auto, \(ArtifactOffers.names.joined(separator: ", ")), pipeline, pipeline:DIR, "
        + "s3://BUCKET/PREFIX or a directory with a / in it"

    /// Throws `PlaceFailure` for what names no place.
    init(_ text: String, in surroundings: Surroundings) throws(PlaceFailure) {
        let words = text.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
        switch (words.first, words.count) {
        case ("auto", 1): self = .auto
        case ("pipeline", 1): self = .pipeline(surroundings.workingDirectory.pushing(Self.pipelineDirectory))
        case ("pipeline", 2) where !words[1].isEmpty && !words[1].hasPrefix("//"):
            self = .pipeline(surroundings.workingDirectory.pushing(FilePath(words[1])).lexicallyNormalized())
        case ("s3", 2):
            do throws(S3Address.Malformed) {
                self = .s3(try S3Address(text, environment: surroundings.environment))
            } catch {
                throw PlaceFailure("\"\(SafeText.line(text, limit: 300))\" is no address of a bucket: \(error)")
            }
        case (let word?, 1) where ArtifactOffers.names.contains(word): self = .offered(word)
        case (let word?, 2) where !word.contains("/"):
            throw PlaceFailure(text, nearest: Self.nearest(toScheme: word, rest: words[1]))
        case _ where text.contains("/") || text == ".":
            self = .directory(surroundings.workingDirectory.pushing(FilePath(text)).lexicallyNormalized())
        default:
            throw PlaceFailure(text, nearest: NearestMatch.of(text, in: ArtifactOffers.names + ["auto", "pipeline"]))
        }
    }

    /// What was probably meant by an address of a scheme that there is not.
    private static func nearest(toScheme scheme: String, rest: String) -> String? {
        let path = rest.drop { $0 == "/" }
        switch scheme.lowercased() {
        case "file": return path.isEmpty ? nil : "/\(path)"
        case "http", "https":
            let endpoint = "\(scheme):\(rest.prefix { $0 != "?" && $0 != "#" })"
            return path.isEmpty ? nil : "s3://BUCKET/PREFIX?endpoint=\(endpoint)"
        case "gs": return path.isEmpty ? nil : "s3://\(path)?endpoint=https://storage.googleapis.com"
        default:
            if !rest.hasPrefix("//"), let name = NearestMatch.of(scheme, in: ArtifactOffers.names + ["pipeline"]) {
                return name == "pipeline" && !path.isEmpty ? "pipeline:\(path)" : name
            }
            return path.isEmpty ? nil : rest.hasPrefix("//") ? "s3://\(path)" : "./\(scheme):\(rest)"
        }
    }
}

/// A place that cannot be meant, or not be opened.
struct PlaceFailure: Error, Hashable, CustomStringConvertible {
    let description: String

    init(_ description: String) { self.description = description }

    /// For a text that names no place.
    init(_ text: String, nearest: String?) {
        let suggestion = nearest.map { "; did you mean \"\(SafeText.line($0, limit: 300))\"?" } ?? ""
        description = "\"\(SafeText.line(text, limit: 300))\" is no place; expected \(PlaceName.forms)\(suggestion)"
    }
}

extension ConfigurationLoader {
    /// Knows the runners and the places that there are.
    init(in surroundings: Surroundings) {
        self.init(files: surroundings.files, runners: TestRunners.all.map(\.id)) { place in
            do throws(PlaceFailure) {
                _ = try PlaceName(place, in: surroundings)
                return nil
            } catch {
                return error.description
            }
        }
    }
}
