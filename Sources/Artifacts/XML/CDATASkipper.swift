/// Takes a long CDATA section past libxml2, which would scan it from its start for every piece.
///
/// The parser gets a `]]>` of ours where the piece ended; the rest of the section goes to the dialect directly.
struct CDATASkipper {
    private(set) var isActive = false

    /// How many bytes to hold back so that no piece ends within `]]>` or `<![CDATA[`.
    static func unfinished(at bytes: UnsafeBufferPointer<UInt8>) -> Int {
        let opening: StaticString = "<![CDATA["
        for length in stride(from: min(8, bytes.count), to: 0, by: -1) {
            let tail = bytes.part((bytes.count - length)..<bytes.count)
            guard tail[0] == UInt8(ascii: "<") else { continue }
            if tail.elementsEqual(UnsafeBufferPointer(start: opening.utf8Start, count: length)) { return length }
        }
        return brackets(at: bytes)
    }

    private static func brackets(at bytes: UnsafeBufferPointer<UInt8>) -> Int {
        guard bytes.count > 2, bytes[bytes.count - 1] == UInt8(ascii: "]") else { return 0 }
        return bytes[bytes.count - 2] == UInt8(ascii: "]") ? 2 : 1
    }

    /// The place of a `]]>` that ends no section of this piece: libxml2 would lose the text before it.
    ///
    /// Outside of a section it is illegal but met; pieces within one are the skipper's, not this function's.
    static func misplacedEnd(in bytes: UnsafeBufferPointer<UInt8>) -> Int? {
        var start = 0
        while let end = ByteSearch.first("]]>", in: bytes, from: start) {
            guard ByteSearch.first("[CDATA[", in: bytes.part(0..<end), from: start) != nil else { return end }
            start = end + 3
        }
        return nil
    }

    mutating func start(_ document: XMLPushParser) {
        Array("]]>".utf8).withUnsafeBufferPointer { document.feed($0) }
        isActive = true
    }

    /// Hands over what belongs to the section; the place after its end, or `nil` if it goes on.
    mutating func skip(
        _ bytes: UnsafeBufferPointer<UInt8>, into document: XMLPushParser, held: inout [UInt8]
    ) -> Int? {
        if let end = ByteSearch.first("]]>", in: bytes, from: 0) {
            document.text(bytes.part(0..<end))
            isActive = false
            return end + 3
        }
        let kept = bytes.count - Self.brackets(at: bytes)
        document.text(bytes.part(0..<kept))
        held = Array(bytes[kept...])
        return nil
    }
}
