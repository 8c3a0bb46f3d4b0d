#if canImport(Glibc)
    import Glibc
#elseif canImport(Darwin)
    import Darwin
#endif

/// The UTF-8 bytes of many texts, one behind the other: comparing and hashing them then needs no `String`.
struct TextArena {
    private var bytes: [UInt8] = []
    /// `bytes[bounds[i]..<bounds[i + 1]]` is text `i`.
    private var bounds: [Int] = [0]

    init(_ texts: some Collection<String>) {
        bounds.reserveCapacity(texts.count + 1)
        bytes.reserveCapacity(texts.count * 48)
        for text in texts {
            bytes.append(contentsOf: text.utf8)
            bounds.append(bytes.count)
        }
    }

    var count: Int { bounds.count - 1 }

    /// Hands over the bytes of all texts and where each begins.
    func withTexts<Result>(_ body: (Texts) -> Result) -> Result {
        bytes.withUnsafeBytes { bytes in
            bounds.withUnsafeBufferPointer { bounds in body(Texts(bytes: bytes, bounds: bounds)) }
        }
    }

    /// A view of the texts, valid within `withTexts`.
    struct Texts {
        fileprivate let bytes: UnsafeRawBufferPointer
        fileprivate let bounds: UnsafeBufferPointer<Int>

        /// The bytes of one text.
        subscript(index: Int) -> UnsafeRawBufferPointer {
            UnsafeRawBufferPointer(rebasing: bytes[bounds[index]..<bounds[index + 1]])
        }

        /// Whether every text comes before the next one or is equal to it.
        var areAscending: Bool {
            var previous = UnsafeRawBufferPointer(start: nil, count: 0)
            for index in 0..<(bounds.count - 1) {
                let text = self[index]
                if let first = previous.baseAddress, let second = text.baseAddress {
                    let order = memcmp(first, second, min(previous.count, text.count))
                    guard order < 0 || (order == 0 && previous.count <= text.count) else { return false }
                } else if !previous.isEmpty {
                    return false
                }
                previous = text
            }
            return true
        }
    }
}
