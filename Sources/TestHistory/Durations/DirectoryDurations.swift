/// The 75th percentiles of every directory, its subdirectories included.
///
/// A container that is no path counts too: `com.acme.CartTest` stands in `com.acme`, `core::cart` in `core`.
struct DirectoryDurations: Sendable {
    /// In microseconds.
    struct Percentiles: Sendable {
        var test: Int64
        var container: Int64
    }

    /// A file, class or package with what it takes and what its tests take, in microseconds.
    struct Container: Sendable {
        var name: String
        var total: Int64
        var tests: [Int64]
    }

    private var directories: [String: Percentiles] = [:]

    init(_ containers: [Container]) {
        let containers = containers.filter { !$0.tests.isEmpty }
        let tree = Tree(containers.map { Self.parents(of: $0.name) })
        let tests = tree.percentiles(75, of: containers.map(\.tests))
        let totals = tree.percentiles(75, of: containers.map { [$0.total] })
        for (name, number) in tree.numbers {
            directories[name] = Percentiles(test: tests[number], container: totals[number])
        }
    }

    /// Directories as numbers, and which of them each container is in.
    private struct Tree {
        private(set) var numbers: [String: Int] = [:]
        private var parents: [[Int]] = []

        init(_ names: [[String]]) {
            for names in names {
                parents.append(
                    names.map { name in
                        let number = numbers[name] ?? numbers.count
                        numbers[name] = number
                        return number
                    })
            }
        }

        /// The nearest-rank percentile of each directory's samples: all samples are sorted once, and a directory's
        /// percentile is the one that it meets at its rank.
        func percentiles(_ percent: Int, of samples: [[Int64]]) -> [Int64] {
            var remaining = [Int](repeating: 0, count: numbers.count)
            for (container, samples) in samples.enumerated() {
                for directory in parents[container] { remaining[directory] += samples.count }
            }
            for directory in remaining.indices { remaining[directory] = (remaining[directory] * percent + 99) / 100 }
            var sorted = samples.enumerated().flatMap { container, samples in samples.map { ($0, container) } }
            sorted.sort { $0.0 < $1.0 }
            var found = [Int64](repeating: 0, count: numbers.count)
            for (sample, container) in sorted {
                for directory in parents[container] {
                    remaining[directory] -= 1
                    if remaining[directory] == 0 { found[directory] = sample }
                }
            }
            return found
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
