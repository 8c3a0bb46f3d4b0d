/// A 64-bit hash of a text that is equal on every machine and in every run; not made against adversaries.
package enum StableHash {
    package static func of(_ text: String) -> UInt64 {
        var copy = text
        return copy.withUTF8 { IdentityHash.hash($0) }
    }
}
