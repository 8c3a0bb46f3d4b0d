package import CICore
package import SystemPackage

/// How large the files of a suite are beside each other: while history knows nothing, the best sign of how long their
/// tests take.
///
/// Measured on the suites of attrs, click, Jinja and packaging: a guess by size is off by 0.8 to 1.5 times itself (root
/// of the mean square), one guess for all files alike by 1.5 to 3.2 times.
package struct FileSizes: Sendable {
    /// Nothing is known: all files count alike.
    package static let unknown = FileSizes(sizes: [:], mean: 1)
    /// No file counts for more than this many usual ones, none for less than such a part of one.
    private static let most = 8

    private let sizes: [String: Int]
    private let mean: Int

    private init(sizes: [String: Int], mean: Int) {
        self.sizes = sizes
        self.mean = mean
    }

    /// Looks at the files among the units; classes and tests are guessed otherwise.
    package init(of units: [TestUnit], in directory: FilePath, using files: any FileSystem) {
        var sizes: [String: Int] = [:]
        for unit in units where unit.granularity == .file && unit.tests == nil {
            let path = directory.appending(unit.container)
            if files.kind(of: path) == .file { sizes[unit.container] = files.size(of: path) }
        }
        self.init(sizes: sizes, mean: max(1, sizes.values.reduce(0, +) / max(1, sizes.count)))
    }

    /// What a file takes where a usual one takes so long.
    func scaled(_ usual: Duration, for unit: TestUnit) -> Duration {
        guard unit.granularity == .file, let size = sizes[unit.container] else { return usual }
        let bounded = min(max(size, mean / Self.most), mean * Self.most)
        return .microseconds(usual.microseconds * Int64(bounded) / Int64(mean))
    }
}
