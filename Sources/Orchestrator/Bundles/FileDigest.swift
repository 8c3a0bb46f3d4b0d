import CICore
import Crypto
import SystemPackage

/// The SHA-256 of a file, read in pieces.
enum FileDigest {
    private static let pieceSize = 1 << 20

    /// 64 hexadecimal digits and the file's size; each piece is handed to `body` too.
    static func read(
        _ path: FilePath, files: any FileSystem, _ body: ([UInt8]) throws -> Void = { _ in }
    ) throws -> (sha256: String, size: Int) {
        var hash = SHA256()
        var size = 0
        while true {
            let piece = try files.contents(of: path, from: Int64(size), count: pieceSize)
            if piece.isEmpty { break }
            piece.withUnsafeBytes { hash.update(bufferPointer: $0) }
            size += piece.count
            try body(piece)
        }
        return (hexadecimal(hash.finalize()), size)
    }

    private static func hexadecimal(_ bytes: some Sequence<UInt8>) -> String {
        let digits = Array("0123456789abcdef".utf8)
        return String(decoding: bytes.flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] }, as: UTF8.self)
    }
}
