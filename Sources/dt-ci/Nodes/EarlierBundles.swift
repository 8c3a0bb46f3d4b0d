import CICore
import CIProviders
import Orchestrator
import SystemPackage

/// Finds the bundles that a node goes on from.
struct EarlierBundles {
    let configuration: Configuration
    let surroundings: Surroundings
    let node: NodeAssignment

    /// Reads those of a directory, or of a place of artifacts.
    ///
    /// Throws `ConfigurationError` where there is none that counts: to go on from nothing would run everything.
    func read(from place: String) async throws(ConfigurationError) -> EarlierWork {
        var trouble: [String] = []
        let directory = surroundings.workingDirectory.pushing(FilePath(place))
        var roots = [directory]
        if surroundings.files.kind(of: directory) != .directory {
            let fetched = await BundleJourney(configuration: configuration, surroundings: surroundings)
                .fetch(from: place, total: nil)
            trouble += fetched.trouble
            roots = fetched.directories
        }
        let findings = BundleSearch(files: surroundings.files).find(below: roots)
        let origin = node.origin
        let join = BundleJoin(
            findings.bundles,
            of: BundleJoin.Build(
                service: origin.service, run: CIServices.named(origin.service) == nil ? nil : origin.run,
                commit: origin.commit))
        trouble += findings.refused + join.refused
        guard let run = join.run else {
            throw ConfigurationError([
                .init(
                    source: EnvironmentOptions.origin(of: "resume").description,
                    problem: "no bundle of this run in \(SafeText.line(place))"
                        + (trouble.first.map { ": \(SafeText.line($0))" } ?? ""),
                    expected: "the bundles that other nodes of this run have left")
            ])
        }
        let earlier = EarlierWork(run, files: surroundings.files, trouble: &trouble)
        for text in trouble { FileDescriptor.standardError.say("warning: \(SafeText.line(text))\n") }
        return earlier
    }
}
