import SystemPackage

#if canImport(Glibc)
    import Glibc
#elseif canImport(Darwin)
    import Darwin
#endif

/// A file that is written from its start to its end, with corrections to what was written already.
struct ArchiveOutput: ~Copyable {
    private let path: FilePath
    private let file: FileDescriptor
    private var buffer: [UInt8] = []
    private var flushed: Int64 = 0
    private var isClosed = false
    private static let bufferSize = 1 << 20

    private init(_ path: FilePath, _ file: FileDescriptor) {
        self.path = path
        self.file = file
    }

    /// Begins a file where nothing is yet.
    static func begin(_ path: FilePath, mode: mode_t = 0o644) throws(StoreError) -> ArchiveOutput {
        ArchiveOutput(path, try SystemCall.createFile(path, mode: mode))
    }

    deinit { if !isClosed { try? file.close() } }  // it is given up

    /// Bytes that were written.
    var count: Int64 { flushed + Int64(buffer.count) }

    mutating func append(_ bytes: some Collection<UInt8>) throws(StoreError) {
        buffer.append(contentsOf: bytes)
        if buffer.count >= Self.bufferSize { try flush() }
    }

    /// Writes over bytes of one earlier `append`.
    mutating func replace(at offset: Int64, with bytes: [UInt8]) throws(StoreError) {
        if offset >= flushed {
            let start = Int(offset - flushed)
            buffer.replaceSubrange(start..<start + bytes.count, with: bytes)
            return
        }
        do {
            _ = try file.writeAll(toAbsoluteOffset: offset, bytes)
        } catch {
            throw StoreError(error as? Errno ?? .ioError, "write", path)
        }
    }

    /// Adds what another one has, which is complete.
    mutating func append(fileAt other: FilePath) throws(StoreError) {
        let source = try SystemCall.openFile(other)
        defer { try? source.close() }  // nothing was written: a failed close loses nothing
        let room = UnsafeMutableRawBufferPointer.allocate(byteCount: Self.bufferSize, alignment: 16)
        defer { room.deallocate() }
        while true {
            let count = try SystemCall.read(source, into: room, other)
            if count == 0 { return }
            try append(UnsafeRawBufferPointer(rebasing: room[..<count]))
        }
    }

    /// Completes the file.
    mutating func finish() throws(StoreError) {
        try flush()
        isClosed = true
        try SystemCall.check(close(file.rawValue), "write", path)
    }

    private mutating func flush() throws(StoreError) {
        do {
            try file.writeAll(buffer)
        } catch {
            throw StoreError(error as? Errno ?? .ioError, "write", path)
        }
        flushed += Int64(buffer.count)
        buffer.removeAll(keepingCapacity: true)
    }
}
