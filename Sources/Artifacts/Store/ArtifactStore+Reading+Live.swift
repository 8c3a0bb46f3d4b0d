import CICore
import Crypto
import SystemPackage

#if canImport(Glibc)
    import Glibc
#elseif canImport(Darwin)
    import Darwin
#endif

extension ArtifactStore {
    /// Calls `body` with the content of a file, piece by piece, and compares it with its digest on the way.
    ///
    /// What `body` was given may be wrong until this returns.
    ///
    /// - Throws: `StoreError`: `.damaged` where the content is gone or is not what the digest says; what `body` throws.
    package func read(
        _ content: ArtifactEntry.FileContent, of path: String,
        _ body: (UnsafeRawBufferPointer) throws(StoreError) -> Void
    ) throws(StoreError) {
        let object = self.path(of: content.digest)
        let file = try open(object, of: path)
        defer { try? file.close() }  // nothing was written: a failed close loses nothing
        let room = Int(min(max(content.size, 1), 1 << 20))
        let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: room, alignment: 4096)
        defer { buffer.deallocate() }
        var hash = SHA256()
        var size: Int64 = 0
        while true {
            let count = try SystemCall.read(file, into: buffer, object)
            size += Int64(count)
            guard size <= content.size else { break }
            if count == 0 { break }
            let piece = UnsafeRawBufferPointer(rebasing: buffer[..<count])
            hash.update(bufferPointer: piece)
            try body(piece)
        }
        guard size == content.size, ContentDigest(bytes: hash.finalize()) == content.digest else {
            throw StoreError(
                .damaged, "the content of \(SafeText.line(path)) is not what it was when it was put (\(object))")
        }
    }

    private func open(_ object: FilePath, of path: String) throws(StoreError) -> FileDescriptor {
        do {
            return try SystemCall.openFile(object)
        } catch {
            guard error.code == .missing else { throw error }
            throw StoreError(.damaged, "the content of \(SafeText.line(path)) is gone (\(object))")
        }
    }
}
