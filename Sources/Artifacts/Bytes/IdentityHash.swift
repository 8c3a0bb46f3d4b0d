import CICore

/// A fast 64-bit hash of byte strings (folded multiplication, as in wyhash): equal on every machine and in every run.
///
/// Not made against adversaries: a report that forges collisions can only hide its own tests.
struct IdentityHash {
    private(set) var value: UInt64 = 0x9E37_79B9_7F4A_7C15

    /// Mixes in one field; an empty one and one that is absent are the same.
    mutating func combine(_ bytes: UnsafeBufferPointer<UInt8>) {
        combine(Self.hash(bytes))
    }

    /// Mixes in a field's own hash.
    mutating func combine(_ field: UInt64) {
        value = Self.fold(value ^ 0xA076_1D64_78BD_642F, field ^ 0xE703_7ED1_A0B4_28DB)
    }

    /// Mixes in a text.
    mutating func combine(_ text: String) {
        var copy = text
        copy.withUTF8 { combine($0) }
    }

    /// The hash of one field.
    static func hash(_ bytes: UnsafeBufferPointer<UInt8>) -> UInt64 {
        var state = UInt64(truncatingIfNeeded: bytes.count) ^ 0x8EBC_6AF0_9C88_C6E3
        guard let base = bytes.baseAddress, !bytes.isEmpty else { return state }
        let raw = UnsafeRawPointer(base)
        var offset = 0
        while offset + 8 <= bytes.count {
            let word = raw.loadUnaligned(fromByteOffset: offset, as: UInt64.self)
            state = fold(state ^ word, 0x5899_65CC_7537_4CC3)
            offset += 8
        }
        var rest: UInt64 = 0
        while offset < bytes.count {
            rest = rest << 8 | UInt64(bytes[offset])
            offset += 1
        }
        return fold(state ^ rest, 0x1D8E_4E27_C47D_124F)
    }

    /// The identity of a test within its report: source file, suite path, class and name.
    static func of(_ test: ReportedTest) -> UInt64 {
        var hash = IdentityHash()
        hash.combine(
            test.suitePath.reduce(root) { path, suite in
                var copy = suite
                return copy.withUTF8 { below(path, $0) }
            })
        hash.combine(test.location?.file ?? "")
        hash.combine(test.className)
        hash.combine(test.name)
        return hash.value
    }

    /// The path that no suite is on.
    static var root: UInt64 { IdentityHash().value }

    /// The path of a suite in another one.
    static func below(_ path: UInt64, _ name: UnsafeBufferPointer<UInt8>) -> UInt64 {
        var hash = IdentityHash()
        hash.combine(path)
        hash.combine(name)
        return hash.value
    }

    private static func fold(_ left: UInt64, _ right: UInt64) -> UInt64 {
        let product = left.multipliedFullWidth(by: right)
        return product.high ^ product.low
    }
}
