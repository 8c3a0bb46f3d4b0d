import CZlib

/// Unpacks one content of an archive, which may lie about anything.
final class Inflater {
    private let stream = UnsafeMutablePointer<z_stream>.allocate(capacity: 1)
    private let output = UnsafeMutableBufferPointer<UInt8>.allocate(capacity: 256 << 10)
    /// Whether the content has said its end.
    private(set) var isFinished = false
    private var title = ""
    private let format: Format

    /// What stands around the deflated bytes.
    enum Format: Sendable {
        /// Nothing: a member of a zip archive.
        case bare
        /// gzip's head and checksum, of which several may follow one another (RFC 1952).
        case gzip
    }

    init(_ format: Format = .bare) throws(StoreError) {
        self.format = format
        stream.initialize(to: z_stream())
        let bits = format == .gzip ? MAX_WBITS + 16 : -MAX_WBITS
        guard inflateInit2_(stream, bits, ZLIB_VERSION, Int32(MemoryLayout<z_stream>.size)) == Z_OK else {
            throw StoreError(.inaccessible, "zlib has no memory to unpack with")
        }
    }

    deinit {
        inflateEnd(stream)
        stream.deallocate()
        output.deallocate()
    }

    /// Makes it ready for another content, which errors call so.
    func restart(_ title: String) {
        self.title = title
        inflateReset(stream)
        isFinished = false
    }

    /// Takes a piece and hands over what comes out of it.
    ///
    /// - Throws: `StoreError` for what is no deflated content, or has more behind its end; what `body` throws.
    func add(
        _ piece: UnsafeRawBufferPointer, _ body: (UnsafeRawBufferPointer) throws(StoreError) -> Void
    ) throws(StoreError) {
        // zlib does not write to its input, though its type says so.
        stream.pointee.next_in = piece.baseAddress.map {
            UnsafeMutablePointer(mutating: $0.assumingMemoryBound(to: UInt8.self))
        }
        stream.pointee.avail_in = UInt32(piece.count)
        while stream.pointee.avail_in > 0 {
            if isFinished {
                guard format == .gzip else { throw StoreError(.malformed, "has bytes behind the end of \(title)") }
                inflateReset(stream)
                isFinished = false
            }
            stream.pointee.next_out = output.baseAddress
            stream.pointee.avail_out = UInt32(output.count)
            let result = inflate(stream, Z_NO_FLUSH)
            guard result == Z_OK || result == Z_STREAM_END else {
                throw StoreError(.malformed, "has \(title) with content that cannot be unpacked")
            }
            isFinished = result == Z_STREAM_END
            let count = output.count - Int(stream.pointee.avail_out)
            if count > 0 { try body(UnsafeRawBufferPointer(UnsafeMutableBufferPointer(rebasing: output[..<count]))) }
        }
    }
}
