import SystemPackage

/// The bytes of a file in pieces, at most one of them in memory.
struct FileChunks {
    private let path: FilePath
    private let size: Int

    init(_ path: FilePath, size: Int = 256 << 10) {
        self.path = path
        self.size = size
    }

    /// Calls `body` with each piece; it may change the bytes.
    func forEach(_ body: (UnsafeMutableBufferPointer<UInt8>) throws(ReportError) -> Void) throws(ReportError) {
        let file = try open()
        defer { try? file.close() }  // nothing was written: a failed close loses nothing
        let buffer = UnsafeMutableBufferPointer<UInt8>.allocate(capacity: size)
        defer { buffer.deallocate() }
        while true {
            let count = try read(file, into: buffer)
            if count == 0 { return }
            try body(UnsafeMutableBufferPointer(rebasing: buffer[..<count]))
        }
    }

    /// The first bytes of the file.
    func bytes(limit: Int) throws(ReportError) -> [UInt8] {
        let file = try open()
        defer { try? file.close() }  // nothing was written: a failed close loses nothing
        var bytes: [UInt8] = []
        let buffer = UnsafeMutableBufferPointer<UInt8>.allocate(capacity: min(size, limit))
        defer { buffer.deallocate() }
        while bytes.count < limit {
            let count = try read(file, into: buffer)
            if count == 0 { break }
            bytes.append(contentsOf: buffer[..<min(count, limit - bytes.count)])
        }
        return bytes
    }

    private func open() throws(ReportError) -> FileDescriptor {
        do {
            return try FileDescriptor.open(path, .readOnly, options: .closeOnExec)
        } catch {
            throw ReportError(code: .unreadable, description: "cannot be opened: \(error)")
        }
    }

    private func read(
        _ file: FileDescriptor, into buffer: UnsafeMutableBufferPointer<UInt8>
    ) throws(ReportError) -> Int {
        do {
            return try file.read(into: UnsafeMutableRawBufferPointer(buffer))
        } catch {
            throw ReportError(code: .unreadable, description: "cannot be read: \(error)")
        }
    }
}
