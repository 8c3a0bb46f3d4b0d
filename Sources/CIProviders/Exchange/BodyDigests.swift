import CICore
import Crypto
import SystemPackage

/// What a request's body is checked by on its other side.
struct BodyDigests: Sendable, Hashable {
    let sha256: [UInt8]
    let md5: [UInt8]

    /// Reads the body once.
    ///
    /// - Throws: `FileError` where a file of it is missing or shorter than it was said to be.
    init(_ body: HTTPBody, _ files: any FileSystem) throws(FileError) {
        var sha256 = SHA256()
        var md5 = Insecure.MD5()
        for piece in body.pieces {
            try piece.forEachChunk(files) { chunk in
                sha256.update(data: chunk)
                md5.update(data: chunk)
            }
        }
        self.init(sha256: Array(sha256.finalize()), md5: Array(md5.finalize()))
    }

    init(_ bytes: [UInt8]) {
        self.init(sha256: Array(SHA256.hash(data: bytes)), md5: Array(Insecure.MD5.hash(data: bytes)))
    }

    private init(sha256: [UInt8], md5: [UInt8]) {
        self.sha256 = sha256
        self.md5 = md5
    }

    /// Of no bytes at all.
    static let empty = BodyDigests([])
}

extension HTTPBody.Piece {
    /// The piece in parts of at most a megabyte.
    func forEachChunk(_ files: any FileSystem, _ body: ([UInt8]) -> Void) throws(FileError) {
        switch self {
        case .bytes(let bytes): body(bytes)
        case .file(let path, let offset, let count):
            var done: Int64 = 0
            while done < count {
                let chunk = try files.contents(
                    of: path, from: offset + done, count: Int(min(1 << 20, count - done)))
                guard !chunk.isEmpty else { throw FileError(path: path, operation: "read", errno: .ioError) }
                body(chunk)
                done += Int64(chunk.count)
            }
        }
    }
}
