import Artifacts
import CICore

/// What the runners of JavaScript tests have in common: files that a tool listed, and selectors `file::full name`.
struct NodeFiles {
    static let separator = "::"
    private let suite: Suite

    init(_ suite: Suite) { self.suite = suite }

    /// One unit for each listed file that the suite's globs let through.
    func inventory(of files: [String]) -> SuiteInventory {
        let chosen = chosen(of: files)
        let include = suite.selection.include.map(Glob.init)
        return SuiteInventory(
            units: chosen.map { TestUnit(suite: suite.name, selector: $0, granularity: .file) },
            unmatched: include.filter { glob in !files.contains(where: glob.matches) }.map(\.description))
    }

    /// One unit for each file with its tests, or for each test.
    func inventory(of tests: [(file: String, name: String)], granularity: Granularity) -> SuiteInventory {
        var names: [String: [String]] = [:]
        for test in tests {
            let selector = test.file + Self.separator + test.name
            if !(names[test.file]?.contains(selector) ?? false) { names[test.file, default: []].append(selector) }
        }
        var inventory = inventory(of: Array(names.keys))
        for index in inventory.units.indices { inventory.units[index].tests = names[inventory.units[index].selector] }
        if granularity == .test { inventory.units = inventory.units.flatMap { $0.splitByKnownTests() } }
        return inventory
    }

    private func chosen(of files: [String]) -> [String] {
        let include = suite.selection.include.map(Glob.init)
        let exclude = suite.selection.exclude.map(Glob.init)
        return Set(files).sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }.filter { file in
            (include.isEmpty || include.contains { $0.matches(file) }) && !exclude.contains { $0.matches(file) }
        }
    }

    /// The place of a test whose reporter gave `file::full name`, or the file alone where that could not be loaded.
    static func address(of test: ReportedTest, in batch: BatchScope) -> TestAddress? {
        guard let selector = test.eventSelector else { return nil }
        let containers = Set(batch.units.map(\.container))
        let file = containers.filter { selector == $0 || selector.hasPrefix($0 + separator) }
            .max { $0.utf8.count < $1.utf8.count }
        guard let file else { return nil }
        if selector == file { return whole(file, in: batch) }
        return batch.asksFor(selector, in: file) ? TestAddress(selector: selector, container: file) : nil
    }

    /// A file that could not be loaded stands for the one test that was asked for, else for all of it.
    private static func whole(_ file: String, in batch: BatchScope) -> TestAddress {
        let units = batch.units.filter { $0.container == file }
        guard units.count == 1, let only = units.first else { return TestAddress(selector: file, container: file) }
        return TestAddress(selector: only.selector, container: file)
    }

    /// Running tests rather than their files, where both are known.
    static func finest(_ progress: BatchProgress) -> BatchProgress {
        var result = progress
        result.running.removeAll { file in
            progress.running.contains { $0 != file && $0.hasPrefix(file + separator) }
        }
        return result
    }
}
