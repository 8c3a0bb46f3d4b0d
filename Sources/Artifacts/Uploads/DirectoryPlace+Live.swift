import CICore
import Crypto
package import SystemPackage

#if canImport(Glibc)
    import Glibc
#elseif canImport(Darwin)
    import Darwin
#endif

/// A directory: on a share, or one that the pipeline itself stores when the job is over.
package struct DirectoryPlace: ArtifactPlace {
    package let title: String
    package let root: FilePath
    package let limits: PlaceLimits
    package var form: PlaceForm { .files }

    package init(title: String, root: FilePath, limits: PlaceLimits = PlaceLimits()) {
        self.title = title
        self.root = root
        self.limits = limits
    }

    package func put(
        _ parcel: Parcel, resuming ticket: String?, note: @escaping @Sendable (String) -> Void
    ) async throws(PlaceError) -> String? {
        let target = path(of: parcel.path)
        if digest(of: target, size: parcel.content.size) == parcel.content.digest { return nil }
        let draft = FilePath("\(target.string).\(getpid()).part")
        do {
            try LocalFileSystem().createDirectory(target.removingLastComponent())
            let sent = try copy(parcel.source, to: draft, isExecutable: parcel.content.isExecutable)
            guard sent == parcel.content.digest else {
                unlink(draft.string)
                throw PlaceError(.damaged, "\(parcel.source) is not what its digest says; `dt-ci artifacts verify`")
            }
            guard digest(of: draft, size: parcel.content.size) == sent else {
                throw PlaceError(.unavailable, "what arrived in \(root) is not what was sent")
            }
            guard rename(draft.string, target.string) == 0 else { throw Errno(rawValue: errno) }
        } catch {
            unlink(draft.string)
            throw error as? PlaceError ?? refusal(error)
        }
        return nil
    }

    package func conclude(_ artifact: StoredArtifact, address: String?) async throws(PlaceError) -> String? {
        path(of: artifact.name.fileName).string
    }

    /// Where a parcel is.
    package func path(of parcel: String) -> FilePath {
        parcel.split(separator: "/").reduce(root) { $0.appending(String($1)) }
    }

    private func refusal(_ error: any Error) -> PlaceError {
        let reason = (error as? FileError)?.description ?? "cannot write to \(root): \(error as? Errno ?? .ioError)"
        return PlaceError(.unavailable, reason)
    }

    /// The digest of what was read.
    private func copy(_ source: FilePath, to draft: FilePath, isExecutable: Bool) throws -> ContentDigest {
        let input: FileDescriptor
        do {
            input = try FileDescriptor.open(source, .readOnly, options: .closeOnExec)
        } catch {
            throw PlaceError(.damaged, "cannot read \(source): \(error as? Errno ?? .ioError)")
        }
        defer { try? input.close() }  // nothing was written: a failed close loses nothing
        var permissions: FilePermissions = [.ownerReadWrite, .groupRead, .otherRead]
        if isExecutable { permissions.formUnion([.ownerExecute, .groupExecute, .otherExecute]) }
        let output = try FileDescriptor.open(
            draft, .writeOnly, options: [.create, .truncate, .closeOnExec], permissions: permissions)
        var digest = SHA256()
        try output.closeAfter {
            try input.forEachChunk { chunk in
                digest.update(bufferPointer: chunk)
                try output.writeAll(chunk)
            }
        }
        return ContentDigest(bytes: digest.finalize())
    }

    /// `nil` for what is not there, is of another size or cannot be read.
    private func digest(of path: FilePath, size: Int64) -> ContentDigest? {
        guard LocalFileSystem().size(of: path).map(Int64.init) == size,
            let file = try? FileDescriptor.open(path, .readOnly, options: .closeOnExec)
        else { return nil }
        defer { try? file.close() }  // nothing was written: a failed close loses nothing
        var digest = SHA256()
        // What cannot be read is not the same.
        guard (try? file.forEachChunk { digest.update(bufferPointer: $0) }) != nil else { return nil }
        return ContentDigest(bytes: digest.finalize())
    }
}

extension FileDescriptor {
    /// From where it stands to its end, in pieces of at most 256 KiB.
    fileprivate func forEachChunk(_ body: (UnsafeRawBufferPointer) throws -> Void) throws {
        let room = UnsafeMutableRawBufferPointer.allocate(byteCount: 256 << 10, alignment: 16)
        defer { room.deallocate() }
        while true {
            let count = try read(into: room)
            if count == 0 { return }
            try body(UnsafeRawBufferPointer(rebasing: room[..<count]))
        }
    }
}
