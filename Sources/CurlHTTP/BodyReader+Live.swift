import CICore
import SystemPackage

/// Reads a request's body piece by piece, at most one file open at a time.
final class BodyReader {
    private let pieces: [HTTPBody.Piece]
    private var index = 0
    /// Within the piece.
    private var position: Int64 = 0
    private var file: FileDescriptor?

    init(_ body: HTTPBody) { pieces = body.pieces }

    deinit { closeFile() }

    /// Fills the buffer as far as the next piece goes; 0 at the end.
    ///
    /// - Throws: `HTTPError` with `.bodyUnreadable` where a file is missing or shorter than it was said to be.
    func read(into buffer: UnsafeMutableRawBufferPointer) throws(HTTPError) -> Int {
        while index < pieces.count {
            let count = try read(pieces[index], into: buffer)
            position += Int64(count)
            if count > 0 { return count }
            closeFile()
            index += 1
            position = 0
        }
        return 0
    }

    /// Goes to an offset from the start of the body.
    func seek(to offset: Int64) {
        closeFile()
        index = 0
        position = offset
        while index < pieces.count, position >= pieces[index].count {
            position -= pieces[index].count
            index += 1
        }
    }

    private func read(
        _ piece: HTTPBody.Piece, into buffer: UnsafeMutableRawBufferPointer
    ) throws(HTTPError) -> Int {
        switch piece {
        case .bytes(let bytes):
            let count = min(buffer.count, bytes.count - Int(position))
            bytes.withUnsafeBytes {
                buffer.copyMemory(from: UnsafeRawBufferPointer(rebasing: $0[Int(position)...].prefix(count)))
            }
            return count
        case .file(let path, let offset, let count):
            let wanted = min(Int64(buffer.count), count - position)
            guard wanted > 0 else { return 0 }
            return try read(
                path, at: offset + position, into: UnsafeMutableRawBufferPointer(rebasing: buffer.prefix(Int(wanted))))
        }
    }

    private func read(
        _ path: FilePath, at offset: Int64, into buffer: UnsafeMutableRawBufferPointer
    ) throws(HTTPError) -> Int {
        do {
            let open = try file ?? FileDescriptor.open(path, .readOnly, options: [.closeOnExec, .nonBlocking])
            file = open
            let count = try open.read(fromAbsoluteOffset: offset, into: buffer)
            if count > 0 { return count }
        } catch {
            throw HTTPError(
                code: .bodyUnreadable, description: "cannot read \(path) to send it: \(error as? Errno ?? .ioError)")
        }
        throw HTTPError(
            code: .bodyUnreadable,
            description: "cannot send \(path): it ends at byte \(offset), before what was to be sent of it")
    }

    private func closeFile() {
        try? file?.close()  // it was only read: a failed close loses nothing
        file = nil
    }
}

extension HTTPBody.Piece {
    /// In bytes.
    fileprivate var count: Int64 {
        switch self {
        case .bytes(let bytes): Int64(bytes.count)
        case .file(_, _, let count): max(0, count)
        }
    }
}
