import CICore

/// One of the nodes that a run is statically split over.
package struct NodePosition: Sendable, Hashable {
    /// 0-based.
    package let index: Int
    package let total: Int
    /// More nodes than any CI service gives one run.
    package static let mostNodes = 100_000

    /// `nil` for a node that cannot be.
    package init?(index: Int, total: Int) {
        guard (1...Self.mostNodes).contains(total), (0..<total).contains(index) else { return nil }
        self.index = index
        self.total = total
    }

    /// Reads `0/4`, the first of four.
    ///
    /// Throws `ConfigurationError` for anything else, told as a mistake of `source`.
    package init(_ text: String, source: String) throws(ConfigurationError) {
        let numbers = text.split(separator: "/", omittingEmptySubsequences: false).map { Int($0) }
        if numbers.count == 2, let index = numbers[0], let total = numbers[1] {
            if let position = NodePosition(index: index, total: total) {
                self = position
                return
            }
            if total >= 1, total <= Self.mostNodes, index >= total {
                throw ConfigurationError([
                    .init(
                        source: source, problem: "\"\(SafeText.line(text, limit: 60))\" is beyond the last node",
                        expected: "0/\(total) to \(total - 1)/\(total): nodes are counted from 0")
                ])
            }
        }
        throw ConfigurationError([
            .init(
                source: source, problem: "\"\(SafeText.line(text, limit: 60))\"",
                expected: "INDEX/TOTAL counted from 0, such as 0/4, or auto")
        ])
    }

    /// For people, who count from 1: `node 1 of 4`.
    package var title: String { Self.title(of: index, total: total) }

    /// For people, who count from 1.
    package static func title(of index: Int, total: Int) -> String { "node \(index + 1) of \(total)" }

    /// The name of the node's bundle, unique among the nodes of a run.
    package var bundleName: String { "node-\(index)-of-\(total)" }

    /// Reads a bundle's name.
    package init?(bundleName name: String) {
        let parts = name.split(separator: "-", omittingEmptySubsequences: false)
        guard parts.count == 4, parts[0] == "node", parts[2] == "of", let index = Int(parts[1]),
            let total = Int(parts[3])
        else { return nil }
        self.init(index: index, total: total)
    }
}
