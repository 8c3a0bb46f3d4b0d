import SystemPackage

/// The end of a file that may be of any size.
enum FileTail {
    /// At most `limit` bytes from a whole line on, illegal bytes replaced; empty if it cannot be read.
    static func text(of path: FilePath, limit: Int) -> String {
        // No output and an unreadable output say the same to the reader of a message: nothing.
        guard let bytes = try? bytes(of: path, limit: limit) else { return "" }
        return RunnerWords.tail(of: bytes, limit: limit)
    }

    private static func bytes(of path: FilePath, limit: Int) throws -> [UInt8] {
        let file = try FileDescriptor.open(path, .readOnly, options: .closeOnExec)
        return try file.closeAfter {
            let size = try file.seek(offset: 0, from: .end)
            let start = max(0, size - Int64(limit))
            return try [UInt8](unsafeUninitializedCapacity: Int(size - start)) { buffer, count in
                count = try file.read(fromAbsoluteOffset: start, into: UnsafeMutableRawBufferPointer(buffer))
            }
        }
    }
}
