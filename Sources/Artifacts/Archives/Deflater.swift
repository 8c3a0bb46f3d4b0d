import CZlib

/// Packs content with zlib, level 6, without zlib's own header; used again for the next content.
final class Deflater {
    private let stream = UnsafeMutablePointer<z_stream>.allocate(capacity: 1)
    private let output = UnsafeMutableBufferPointer<UInt8>.allocate(capacity: 64 << 10)

    init() throws(StoreError) {
        stream.initialize(to: z_stream())
        let result = deflateInit2_(
            stream, 6, Z_DEFLATED, -MAX_WBITS, 8, Z_DEFAULT_STRATEGY, ZLIB_VERSION, Int32(MemoryLayout<z_stream>.size))
        guard result == Z_OK else { throw StoreError(.inaccessible, "zlib has no memory to pack with") }
    }

    deinit {
        deflateEnd(stream)
        stream.deallocate()
        output.deallocate()
    }

    /// Takes a piece and hands over what is packed.
    func add(
        _ piece: UnsafeRawBufferPointer, _ body: (UnsafeRawBufferPointer) throws(StoreError) -> Void
    ) throws(StoreError) {
        try run(piece, Z_NO_FLUSH, body)
    }

    /// Hands over the rest, ready for the next content.
    func finish(_ body: (UnsafeRawBufferPointer) throws(StoreError) -> Void) throws(StoreError) {
        try run(UnsafeRawBufferPointer(start: nil, count: 0), Z_FINISH, body)
        deflateReset(stream)
    }

    private func run(
        _ piece: UnsafeRawBufferPointer, _ flush: Int32, _ body: (UnsafeRawBufferPointer) throws(StoreError) -> Void
    ) throws(StoreError) {
        // zlib does not write to its input, though its type says so.
        stream.pointee.next_in = piece.baseAddress.map {
            UnsafeMutablePointer(mutating: $0.assumingMemoryBound(to: UInt8.self))
        }
        stream.pointee.avail_in = UInt32(piece.count)
        while true {
            stream.pointee.next_out = output.baseAddress
            stream.pointee.avail_out = UInt32(output.count)
            let result = deflate(stream, flush)
            let count = output.count - Int(stream.pointee.avail_out)
            if count > 0 { try body(UnsafeRawBufferPointer(UnsafeMutableBufferPointer(rebasing: output[..<count]))) }
            if flush == Z_FINISH ? result == Z_STREAM_END : stream.pointee.avail_in == 0 && count < output.count {
                return
            }
        }
    }
}
