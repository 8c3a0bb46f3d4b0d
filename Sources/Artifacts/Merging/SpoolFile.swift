import SystemPackage

#if canImport(Glibc)
    import Glibc
#elseif canImport(Darwin)
    import Darwin
#endif

/// Bytes that are written once, one piece after another, and read back piece by piece; the file has no name and goes with
/// the process. What the disk does not take stays in memory.
struct SpoolWriter: ~Copyable {
    private let disk: SpoolDisk?
    private var flushed: Int64 = 0
    private var buffer: [UInt8] = []
    private var staysInMemory: Bool
    private static let bufferSize = 1 << 20

    init(in directory: String) {
        disk = SpoolDisk(in: directory)
        staysInMemory = disk == nil
        buffer.reserveCapacity(Self.bufferSize + (64 << 10))
    }

    /// Where the next piece will be.
    var end: Int64 { flushed + Int64(buffer.count) }

    /// Adds a piece, which is never torn between disk and memory.
    mutating func append(_ bytes: [UInt8]) {
        buffer.append(contentsOf: bytes)
        if buffer.count >= Self.bufferSize, !staysInMemory { flush() }
    }

    /// A piece that was added.
    func bytes(_ range: SpoolRange) -> [UInt8] { SpoolReader(disk: disk, flushed: flushed, rest: buffer).bytes(range) }

    /// Everything that was added, from now on only to be read.
    consuming func finish() -> SpoolReader { SpoolReader(disk: disk, flushed: flushed, rest: buffer) }

    private mutating func flush() {
        do {
            try disk?.file.writeAll(toAbsoluteOffset: flushed, buffer)
            flushed += Int64(buffer.count)
            buffer.removeAll(keepingCapacity: true)
        } catch {
            staysInMemory = true
        }
    }
}

/// Where a piece is.
struct SpoolRange: Sendable, Hashable {
    var offset: Int64 = 0
    var count: Int32 = 0
}

/// Reads the pieces of a finished spool, from any thread.
struct SpoolReader: Sendable {
    private let disk: SpoolDisk?
    private let flushed: Int64
    private let rest: [UInt8]

    fileprivate init(disk: SpoolDisk?, flushed: Int64, rest: [UInt8]) {
        self.disk = disk
        self.flushed = flushed
        self.rest = rest
    }

    /// One piece; shorter if the disk does not give it back any more.
    func bytes(_ range: SpoolRange) -> [UInt8] { bytes(range, upTo: range.count) }

    /// One piece, and so much after it that they are `count` bytes together, where the same place has them.
    fileprivate func bytes(_ range: SpoolRange, upTo count: Int32) -> [UInt8] {
        let stored = range.offset < flushed ? flushed : flushed + Int64(rest.count)
        let count = Int(max(Int64(range.count), min(Int64(count), stored - range.offset)))
        guard range.offset < flushed else {
            let start = Int(range.offset - flushed)
            return Array(rest[start..<start + count])
        }
        return [UInt8](unsafeUninitializedCapacity: count) { buffer, filled in
            let room = UnsafeMutableRawBufferPointer(buffer)
            while filled < count {
                let part = UnsafeMutableRawBufferPointer(rebasing: room[filled..<count])
                guard
                    let read = try? disk?.file.read(
                        fromAbsoluteOffset: range.offset + Int64(filled), into: part), read > 0
                else { break }
                filled += read
            }
        }
    }
}

/// Reads pieces that mostly follow one another, a large part of the spool at a time.
struct SpoolWindow {
    private let reader: SpoolReader
    private var bytes: [UInt8] = []
    private var offset: Int64 = 0
    private static let size: Int32 = 256 << 10

    init(_ reader: SpoolReader) { self.reader = reader }

    /// Hands over one piece; an empty one if the disk does not give it back any more.
    mutating func read<Value>(_ range: SpoolRange, _ body: (UnsafeBufferPointer<UInt8>) -> Value) -> Value {
        let end = range.offset + Int64(range.count)
        if range.offset < offset || end > offset + Int64(bytes.count) {
            offset = range.offset
            bytes = reader.bytes(range, upTo: Self.size)
        }
        let start = Int(range.offset - offset)
        let isThere = end <= offset + Int64(bytes.count)
        return bytes.withUnsafeBufferPointer {
            body(UnsafeBufferPointer(rebasing: isThere ? $0[start..<start + Int(range.count)] : $0[..<0]))
        }
    }
}

/// The file itself, closed with its last reader.
private final class SpoolDisk: Sendable {
    let file: FileDescriptor

    /// `nil` where no temporary file can be made.
    init?(in directory: String) {
        var template = Array("\(directory)/dt-ci-merge-XXXXXX".utf8CString)
        let descriptor = mkstemp(&template)
        guard descriptor >= 0 else { return nil }
        unlink(template)
        file = FileDescriptor(rawValue: descriptor)
    }

    deinit {
        try? file.close()  // the file is gone already: nothing can be lost
    }
}
