package import SystemPackage

#if canImport(Glibc)
    import Glibc
#elseif canImport(Darwin)
    import Darwin
#endif

extension ArtifactStore {
    /// Writes an artifact as a zip archive, in one step over what is there; equal trees give equal archives.
    ///
    /// Contents are compared with their digests on the way. Media that are compressed already are stored, all else is
    /// deflated.
    ///
    /// - Throws: `StoreError`; nothing is left behind then.
    /// - Returns: the archive's size in bytes.
    package func archive(_ artifact: StoredArtifact, to path: FilePath) throws(StoreError) -> Int64 {
        let draft = FilePath("\(path.string).\(String(UInt64.random(in: .min ... .max), radix: 36)).tmp")
        let entries = try self.entries(of: artifact)
        var zip = try ZipWriter.begin(draft)
        while let entry = try entries.next() {
            try zip.add(entry) { take throws(StoreError) in
                if let file = entry.file { try read(file, of: entry.path, take) }
            }
        }
        try zip.finish()
        do throws(StoreError) {
            try SystemCall.move(draft, to: path)
        } catch {
            draft.withPlatformString { _ = unlink($0) }
            throw error
        }
        return SystemCall.status(at: path).map { Int64($0.st_size) } ?? 0
    }
}
