/// A path pattern, matched on bytes against the whole of a relative path.
///
/// `*` is any run of bytes but `/`, `**` as a whole component any number of components, `?` one character but `/`,
/// `[a-z]` and `[!a-z]` one character of a set, `{a,b}` one of the alternatives, `\` takes the next character as it is.
/// A bracket or brace that is never closed stands for itself; `tests/` means everything below `tests`.
package struct Glob: Sendable, Hashable, CustomStringConvertible {
    /// As it was written.
    package let description: String
    private let alternatives: [GlobProgram]

    package init(_ pattern: String) {
        description = pattern
        var bytes = Array(pattern.utf8)
        while bytes.starts(with: "./".utf8) { bytes.removeFirst(2) }
        if bytes.last == UInt8(ascii: "/") { bytes.append(contentsOf: "**".utf8) }
        alternatives = GlobBraces.expand(bytes).map(GlobProgram.init)
    }

    /// Whether the pattern covers the whole path.
    package func matches(_ path: String) -> Bool {
        var path = path
        return path.withUTF8 { bytes in alternatives.contains { $0.matches(bytes) } }
    }

    /// The directories that every match lies in, without a trailing slash; `""` is the root itself.
    package var bases: [String] {
        var seen = Set<String>()
        return alternatives.map(\.base).filter { seen.insert($0).inserted }
    }

    /// Whether the text has any of a pattern's special characters.
    package static func isPattern(_ text: String) -> Bool {
        text.utf8.contains { "*?[{".utf8.contains($0) }
    }
}
