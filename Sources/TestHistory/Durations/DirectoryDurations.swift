/// The 75th percentiles of every directory, its subdirectories included.
///
/// A container that is no path counts too: `com.acme.CartTest` stands in `com.acme`, `core::cart` in `core`.
struct DirectoryDurations: Sendable {
    /// In microseconds.
    struct Percentiles: Sendable {
        var test: Int64
        var container: Int64
    }

    private var directories: [String: Percentiles] = [:]

    /// - Parameter containers: each with its total and with its tests' durations, in microseconds.
    init(_ containers: [(name: String, total: Int64, tests: [Int64])]) {
        var tests: [String: [Int64]] = [:]
        var totals: [String: [Int64]] = [:]
        for container in containers where !container.tests.isEmpty {
            for directory in Self.parents(of: container.name) {
                tests[directory, default: []].append(contentsOf: container.tests)
                totals[directory, default: []].append(container.total)
            }
        }
        directories = tests.mapValues { samples in
            Percentiles(test: SampleStatistics.percentile(75, ofSorted: samples.sorted()), container: 0)
        }
        for (directory, samples) in totals {
            directories[directory]?.container = SampleStatistics.percentile(75, ofSorted: samples.sorted())
        }
    }

    /// The innermost directory around a container that anything is known of.
    func nearest(to container: String) -> (name: String, percentiles: Percentiles)? {
        for directory in Self.parents(of: container) {
            if let found = directories[directory] { return (directory, found) }
        }
        return nil
    }

    /// Innermost first, ending with the root, `.`.
    static func parents(of container: String) -> [String] {
        var rest = container.utf8[...]
        var found: [String] = []
        let separator = separator(in: rest)
        while let position = rest.lastIndex(of: separator) {
            rest = rest[..<position]
            while rest.last == separator { rest.removeLast() }
            if !rest.isEmpty, !rest.elementsEqual(".".utf8) { found.append(String(decoding: rest, as: UTF8.self)) }
        }
        found.append(".")
        return found
    }

    private static func separator(in name: Substring.UTF8View) -> UInt8 {
        [UInt8(ascii: "/"), UInt8(ascii: ":")].first { name.contains($0) } ?? UInt8(ascii: ".")
    }
}
