import SystemPackage

/// A file that is read at any place through one buffer.
final class ArchiveInput {
    let path: FilePath
    /// In bytes.
    let count: Int64
    private let file: FileDescriptor
    private let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: 256 << 10, alignment: 4096)
    private var held: Range<Int64> = 0..<0

    /// - Throws: `StoreError` where it cannot be read or is no file.
    init(_ path: FilePath) throws(StoreError) {
        self.path = path
        file = try SystemCall.openFile(path, following: true)
        let status = try SystemCall.status(of: file, path)
        count = Int64(status.size)
        guard status.isFile else { throw StoreError(.unusable, "is no file") }
    }

    deinit {
        try? file.close()  // nothing was written: a failed close loses nothing
        buffer.deallocate()
    }

    /// Bytes at a place, valid until the next call; at most 256 KiB.
    ///
    /// - Throws: `StoreError` if the file ends before.
    func bytes(at offset: Int64, count wanted: Int) throws(StoreError) -> UnsafeRawBufferPointer {
        guard offset >= 0, wanted >= 0, offset <= count - Int64(wanted), wanted <= buffer.count else {
            throw StoreError(.malformed, "is cut off")
        }
        if offset < held.lowerBound || offset + Int64(wanted) > held.upperBound { try fill(from: offset) }
        guard offset + Int64(wanted) <= held.upperBound else { throw StoreError(.malformed, "is cut off") }
        let start = Int(offset - held.lowerBound)
        return UnsafeRawBufferPointer(rebasing: buffer[start..<start + wanted])
    }

    /// Calls `body` with a range of the file, piece by piece.
    func forEachPiece(
        of range: Range<Int64>, _ body: (UnsafeRawBufferPointer) throws(StoreError) -> Void
    ) throws(StoreError) {
        var offset = range.lowerBound
        while offset < range.upperBound {
            let count = Int(min(Int64(128 << 10), range.upperBound - offset))
            try body(try bytes(at: offset, count: count))
            offset += Int64(count)
        }
    }

    private func fill(from offset: Int64) throws(StoreError) {
        held = offset..<offset
        do {
            while held.count < buffer.count {
                let count = try file.read(
                    fromAbsoluteOffset: held.upperBound,
                    into: UnsafeMutableRawBufferPointer(rebasing: buffer[held.count...]))
                if count == 0 { return }
                held = offset..<(held.upperBound + Int64(count))
            }
        } catch {
            throw StoreError(error as? Errno ?? .ioError, "read", path)
        }
    }
}
