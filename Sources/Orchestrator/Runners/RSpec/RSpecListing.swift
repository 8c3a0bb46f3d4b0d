import CICore
import FoundationEssentials
import SystemPackage

/// What `rspec --dry-run --format json` wrote: the ids of the examples, or why files could not be loaded.
struct RSpecListing {
    /// Without `./` in front, such as `spec/a_spec.rb[1:2:1]`.
    let ids: [String]

    /// - Throws: `.listingFailed` with RSpec's words, also where only one of the files could not be loaded: RSpec then
    ///   lists nothing at all.
    init(
        at path: FilePath, of suite: Suite, process: CapturedProcess, using tools: RunnerTools
    ) throws(RunnerError) {
        let payload: Payload
        do {
            let bytes = try tools.files.contents(of: path, limit: 1 << 30)
            payload = try JSONDecoder().decode(Payload.self, from: Data(bytes))
        } catch {
            throw Self.failure(suite, words: RunnerWords.tail(of: process))
        }
        if let errors = payload.summary?.errorsOutsideOfExamples, errors > 0 {
            throw Self.failure(suite, words: RunnerWords.tail(of: (payload.messages ?? []).joined(separator: "\n")))
        }
        ids = payload.examples.map { $0.id.hasPrefix("./") ? String($0.id.dropFirst(2)) : $0.id }
    }

    private static func failure(_ suite: Suite, words: String) -> RunnerError {
        RunnerError(
            code: .listingFailed, suite: suite.name,
            description: "suite \(suite.name): cannot list the tests: rspec could not load the spec files",
            output: words)
    }

    private struct Payload: Decodable {
        var examples: [Example]
        var messages: [String]?
        var summary: Summary?
    }

    private struct Example: Decodable {
        var id: String
    }

    private struct Summary: Decodable {
        var errorsOutsideOfExamples: Int?

        private enum CodingKeys: String, CodingKey {
            case errorsOutsideOfExamples = "errors_outside_of_examples_count"
        }
    }
}
