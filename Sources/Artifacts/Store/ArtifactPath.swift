/// Paths inside an artifact: names with `/` between them, none of them `.` or `..`, each as `SafeName` has it.
package enum ArtifactPath {
    /// Most bytes of a path.
    static let limit = 4095

    /// What is wrong with a path that was read; `nil` if it may be used.
    package static func problem(with path: String) -> String? {
        guard !path.isEmpty else { return "is empty" }
        guard path.utf8.count <= limit else { return "is longer than \(limit) bytes" }
        guard !path.hasPrefix("/") else { return "is absolute" }
        var copy = path
        return copy.withUTF8 { bytes in
            for name in bytes.split(separator: UInt8(ascii: "/"), omittingEmptySubsequences: false) {
                if name.isEmpty || name.elementsEqual(".".utf8) { return "has an empty name in it" }
                if name.elementsEqual("..".utf8) { return "leads out of the artifact" }
                if SafeName(UnsafeBufferPointer(rebasing: name)).isChanged {
                    return "has a name that not all systems can have"
                }
            }
            return nil
        }
    }

    /// The order of a manifest: name by name, each by its bytes, so that what is in a directory stands together.
    ///
    /// It is the order of the paths' bytes with `/` taken as the smallest of all.
    package static func precedes(_ left: String, _ right: String) -> Bool {
        left.utf8.lexicographicallyPrecedes(right.utf8) { rank($0) < rank($1) }
    }

    private static func rank(_ byte: UInt8) -> UInt8 { byte == UInt8(ascii: "/") ? 0 : byte }

    /// Whether a symbolic link at `path` stays in the artifact, whatever other links of the artifact it passes.
    ///
    /// That is certain of a target that first climbs, not above the top, and then only descends: each step of it ends
    /// inside, be it at a directory or at another such link.
    package static func isInside(target: String, at path: String) -> Bool {
        guard !target.isEmpty, !target.hasPrefix("/"), target.utf8.count <= limit, !target.contains("\\"),
            target.unicodeScalars.allSatisfy({ !SafeName.isInvisible($0) })
        else { return false }
        var depth = path.utf8.count { $0 == UInt8(ascii: "/") }
        var descends = false
        for name in target.split(separator: "/") where name != "." {
            if name == ".." {
                depth -= 1
                if descends || depth < 0 { return false }
            } else {
                descends = true
            }
        }
        return true
    }
}
