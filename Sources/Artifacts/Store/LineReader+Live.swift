import SystemPackage

/// The lines of a file, one at a time, in constant memory.
struct LineReader: ~Copyable {
    private let file: FileDescriptor
    private let path: FilePath
    private let lineLimit: Int
    private let buffer: UnsafeMutableBufferPointer<UInt8>
    private var held: Range<Int> = 0..<0
    /// Of the line that was read last, from 1.
    private(set) var lineNumber = 0

    /// - Throws: `StoreError` where the file cannot be opened.
    init(_ path: FilePath, lineLimit: Int) throws(StoreError) {
        self.path = path
        self.lineLimit = lineLimit
        do {
            file = try FileDescriptor.open(path, .readOnly, options: .closeOnExec)
        } catch {
            throw StoreError(error as? Errno ?? .ioError, "read", path)
        }
        buffer = .allocate(capacity: max(lineLimit, 1) * 4)
    }

    deinit {
        try? file.close()  // nothing was written: a failed close loses nothing
        buffer.deallocate()
    }

    /// Calls `body` with the next line, without its line feed; `nil` after the last.
    ///
    /// - Throws: `StoreError` for a line that is too long or has no end, and what `body` throws.
    mutating func next<Value>(
        _ body: (UnsafeBufferPointer<UInt8>) throws(StoreError) -> Value
    ) throws(StoreError) -> Value? {
        while true {
            let window = UnsafeBufferPointer(rebasing: buffer[held])
            if let end = ByteSearch.first(UInt8(ascii: "\n"), in: window, from: 0) {
                let start = held.lowerBound
                held = (start + end + 1)..<held.upperBound
                lineNumber += 1
                guard end <= lineLimit else { throw StoreError(.malformed, "is too long") }
                return try body(UnsafeBufferPointer(rebasing: window[..<end]))
            }
            guard held.count <= lineLimit else {
                lineNumber += 1
                throw StoreError(.malformed, "is too long")
            }
            guard try fill() else {
                if held.isEmpty { return nil }
                lineNumber += 1
                throw StoreError(.malformed, "is cut off")
            }
        }
    }

    /// `false` at the end of the file.
    private mutating func fill() throws(StoreError) -> Bool {
        if held.lowerBound > 0 {
            let window = UnsafeBufferPointer(rebasing: buffer[held])
            if let base = buffer.baseAddress, let from = window.baseAddress {
                base.update(from: from, count: window.count)
            }
            held = 0..<window.count
        }
        do {
            let room = UnsafeMutableRawBufferPointer(UnsafeMutableBufferPointer(rebasing: buffer[held.upperBound...]))
            let count = try file.read(into: room)
            held = 0..<(held.upperBound + count)
            return count > 0
        } catch {
            throw StoreError(error as? Errno ?? .ioError, "read", path)
        }
    }
}
