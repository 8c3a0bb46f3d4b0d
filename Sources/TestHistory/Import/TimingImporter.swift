package import CICore

/// A format in which other tools keep what their tests took: how it is recognised and how it is read.
///
/// One small value and one file each, listed in `TimingImporters.all`.
package protocol TimingImporter: Sendable {
    /// What `--format` takes.
    var id: String { get }
    /// As its makers call it.
    var title: String { get }
    /// The runner whose tests it names; `nil` where any runner's could be in it.
    var runner: RunnerID? { get }

    /// Whether the first bytes of a file look like this format: content decides, never the name.
    func recognises(_ head: ImportHead) -> Bool

    /// Reads the whole file.
    ///
    /// - Throws: `.malformedImport`, which names the file and the position.
    func read(_ source: ImportSource) throws(HistoryError) -> [ImportedTest]
}

/// Every format that history itself can read; reports such as JUnit are read by `Artifacts`.
package enum TimingImporters {
    package static let all: [any TimingImporter] = [
        PytestSplitImporter(), JestImporter(), CircleCIImporter(), PlaywrightImporter(), ParallelTestsImporter(),
    ]

    /// The first format that recognises the content.
    package static func recognising(_ bytes: [UInt8]) -> (any TimingImporter)? {
        let head = ImportHead(bytes)
        return all.first { $0.recognises(head) }
    }
}
