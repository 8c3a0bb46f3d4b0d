import Artifacts
package import CICore
package import SystemPackage

/// A node's bundle, read for running it again.
package struct ReplayBundle: Sendable {
    package let path: FilePath
    package let manifest: BundleManifest
    package let record: ReplayRecord
    /// What came of every test then.
    package let tests: [TestRecord]

    /// Reads the one bundle at or below a directory.
    ///
    /// Throws `ConfigurationError` if there is none or more than one, or if it does not hold what is needed.
    package init(at place: FilePath, files: any FileSystem) throws(ConfigurationError) {
        let findings = BundleSearch(files: files).find(below: [place])
        guard findings.bundles.count == 1, let bundle = findings.bundles.first else {
            let names = findings.bundles.map(\.name).sorted().prefix(3).joined(separator: ", ")
            let problem =
                findings.bundles.isEmpty
                ? findings.refused.first.map { "no bundle: \($0)" } ?? "there is no bundle of a node"
                : "there are \(findings.bundles.count) bundles (\(names)\(findings.bundles.count > 3 ? ", …" : ""))"
            throw Self.error(
                place, problem, expected: "the directory of one bundle, such as .dt-ci/bundles/node-0-of-4")
        }
        path = bundle.path
        manifest = bundle.manifest
        let reader = BundleReader(bundle: bundle, files: files)
        do {
            record = try reader.replay()
        } catch {
            throw Self.error(bundle.path, "\(error)", expected: "a whole bundle of this version of dt-ci")
        }
        var tests: [TestRecord] = []
        let reading = reader.results { test, _ in tests.append(test) }
        if let damage = reading.damage { throw Self.error(bundle.path, damage, expected: "a whole bundle") }
        self.tests = tests
    }

    private static func error(_ place: FilePath, _ problem: String, expected: String) -> ConfigurationError {
        ConfigurationError([.init(source: place.string, problem: problem, expected: expected)])
    }

    /// The suites with the environment of then; what is secret is that of now.
    ///
    /// Throws `ConfigurationError` for a suite that is not there any more.
    package func suites(among configured: [Suite]) throws(ConfigurationError) -> [Suite] {
        var suites: [Suite] = []
        for recorded in record.suites {
            guard var suite = configured.first(where: { $0.name == recorded.name && $0.runner == recorded.runner })
            else {
                throw Self.error(
                    path,
                    "it ran the suite \"\(SafeText.line(recorded.name.rawValue))\" with the runner "
                        + "\(SafeText.line(recorded.runner.rawValue)), which is not configured here",
                    expected: "the configuration of that run")
            }
            suite.environment = recorded.variables.merging(
                suite.environment.filter { recorded.secrets.contains($0.key) }
            ) { $1 }
            suites.append(suite)
        }
        return suites
    }
}

extension BundleReader {
    /// What the node ran.
    ///
    /// Throws `BundleError` for a bundle that does not hold it or not as it was written.
    func replay() throws -> ReplayRecord {
        guard let listed = bundle.manifest.files.first(where: { $0.name == BundleFile.replay }) else {
            throw BundleError(
                "it does not hold what its node ran, since an older dt-ci left it: it cannot be replayed")
        }
        let bytes = try files.contents(of: bundle.path.appending(BundleFile.replay), limit: 1 << 30)
        let found = try FileDigest.read(bundle.path.appending(BundleFile.replay), files: files)
        guard found.sha256 == listed.sha256 else {
            throw BundleError("its replay.json was changed after it was written (SHA-256 differs)")
        }
        return try ReplayV1.record(from: bytes)
    }
}
