import CICore
import Crypto
import SystemPackage

#if canImport(Glibc)
    import Glibc
#elseif canImport(Darwin)
    import Darwin
#endif

/// Brings the content of files into the store, each read once: hashed and copied in the same pass.
struct ObjectWriter: Sendable {
    let store: ArtifactStore
    /// Where unfinished copies are.
    let staging: FilePath
    /// Whether a symbolic link stands for what it leads to.
    let isFollowing: Bool
    /// Whether content must be on the disk, not only with the kernel, before it counts.
    let isDurable: Bool
    /// Up to here a file is read whole before anything is written.
    private static let smallSize = 512 << 10
    private static let bufferSize = 1 << 20

    /// What a batch came to.
    struct Batch: Sendable {
        /// In the order of the items, without those that were lost.
        var entries: [ArtifactEntry] = []
        var losses = PutRemarks()
        /// What was kept, but is worth telling.
        var changes = PutRemarks()
        /// Contents that the store did not have.
        var added = StoredArtifact.Totals()
    }

    /// One file's content in the store.
    private struct Kept {
        var digest: ContentDigest
        var size: Int64
        var isNew: Bool
    }

    /// Keeps the files of a batch; `number` tells it from all others of this writer.
    ///
    /// - Throws: `StoreError` if the store cannot be written; a source that cannot be read is a loss.
    func keep(_ items: [SourceItem], number: Int) throws(StoreError) -> Batch {
        let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: Self.bufferSize, alignment: 4096)
        defer { buffer.deallocate() }
        let temporary = staging.appending("\(number)")
        var batch = Batch()
        for item in items {
            switch item.kind {
            case .symbolicLink(let target):
                batch.entries.append(
                    ArtifactEntry(path: item.path, kind: .symbolicLink(target: target), original: item.original))
            case .emptyDirectory:
                batch.entries.append(ArtifactEntry(path: item.path, kind: .emptyDirectory, original: item.original))
            case .file:
                try keep(item, through: temporary, buffer, &batch)
            }
        }
        return batch
    }

    private func keep(
        _ item: SourceItem, through temporary: FilePath, _ buffer: UnsafeMutableRawBufferPointer, _ batch: inout Batch
    ) throws(StoreError) {
        let file: FileDescriptor
        let before: stat
        do throws(StoreError) {
            file = try SystemCall.openFile(item.place, following: isFollowing)
        } catch {
            return batch.losses.add(error.code == .missing ? "\(SafeText.line(item.path)) vanished" : "\(error)")
        }
        defer { try? file.close() }  // nothing was written: a failed close loses nothing
        before = try SystemCall.status(of: file, item.place)
        guard before.isFile else { return batch.losses.add("\(SafeText.line(item.path)) is no file any more") }
        let kept: Kept?
        do throws(SourceTrouble) {
            kept = try keep(file, size: Int64(before.st_size), item.place, through: temporary, buffer)
        } catch {
            switch error {
            case .source(let trouble): return batch.losses.add("\(trouble)")
            case .store(let trouble): throw trouble
            }
        }
        guard let kept else { return }
        if let after = try? SystemCall.status(of: file, item.place),  // then it was not seen to change
            after.modified != before.modified || after.st_size != before.st_size || kept.size != Int64(before.st_size)
        {
            batch.changes.add("\(SafeText.line(item.path)) changed while it was read; kept as it was read")
        }
        if kept.isNew { batch.added.add(kept.size) }
        batch.entries.append(
            ArtifactEntry(
                path: item.path,
                kind: .file(
                    .init(
                        size: kept.size, digest: kept.digest, mediaType: MediaType.of(item.path),
                        isExecutable: before.isExecutable)), original: item.original))
    }

    /// Whose trouble it is decides whether a file or the whole artifact is lost.
    private enum SourceTrouble: Error {
        case source(StoreError)
        case store(StoreError)
    }

    private func keep(
        _ file: FileDescriptor, size: Int64, _ place: FilePath, through temporary: FilePath,
        _ buffer: UnsafeMutableRawBufferPointer
    ) throws(SourceTrouble) -> Kept? {
        if size <= Self.smallSize {
            let window = UnsafeMutableRawBufferPointer(rebasing: buffer[..<Int(size)])
            let count = try source { () throws(StoreError) in try SystemCall.read(file, into: window, place) }
            let bytes = UnsafeRawBufferPointer(rebasing: window[..<count])
            return try target { () throws(StoreError) in try keep(bytes, through: temporary) }
        }
        let copy = try target { () throws(StoreError) in try SystemCall.createFile(temporary) }
        var isOpen = true
        defer {
            if isOpen { try? copy.close() }  // on the way out with an error already
            temporary.withPlatformString { _ = unlink($0) }
        }
        let (digest, count) = try copyAndHash(file, size: size, place, to: copy, temporary, buffer)
        try target { () throws(StoreError) in try finish(copy, temporary) }
        isOpen = false
        let isNew = try target { () throws(StoreError) in try publish(temporary, as: digest, size: count) }
        return Kept(digest: digest, size: count, isNew: isNew)
    }

    private func keep(_ bytes: UnsafeRawBufferPointer, through temporary: FilePath) throws(StoreError) -> Kept {
        var hash = SHA256()
        hash.update(bufferPointer: bytes)
        let digest = ContentDigest(bytes: hash.finalize())
        if has(digest, size: Int64(bytes.count)) { return Kept(digest: digest, size: Int64(bytes.count), isNew: false) }
        let copy = try SystemCall.createFile(temporary)
        do throws(StoreError) {
            try SystemCall.write(bytes, to: copy, temporary)
            try finish(copy, temporary)
            return Kept(
                digest: digest, size: Int64(bytes.count),
                isNew: try publish(temporary, as: digest, size: Int64(bytes.count)))
        } catch {
            temporary.withPlatformString { _ = unlink($0) }
            throw error
        }
    }

    /// The bytes that the file had when it was opened, at most: one that grows for ever ends too.
    private func copyAndHash(
        _ file: FileDescriptor, size: Int64, _ place: FilePath, to copy: FileDescriptor, _ temporary: FilePath,
        _ buffer: UnsafeMutableRawBufferPointer
    ) throws(SourceTrouble) -> (ContentDigest, Int64) {
        // A clone costs nothing and does not change any more: it is the clone that is hashed.
        let isCloned = SystemCall.clone(file, to: copy)
        let source = isCloned ? try target { () throws(StoreError) in try SystemCall.openFile(temporary) } : file
        defer { if isCloned { try? source.close() } }  // nothing was written through it
        var hash = SHA256()
        var count: Int64 = 0
        while isCloned || count < size {
            let room = isCloned ? buffer.count : Int(min(Int64(buffer.count), size - count))
            let window = UnsafeMutableRawBufferPointer(rebasing: buffer[..<room])
            let length = try self.source { () throws(StoreError) in try SystemCall.read(source, into: window, place) }
            if length == 0 { break }
            let bytes = UnsafeRawBufferPointer(rebasing: window[..<length])
            hash.update(bufferPointer: bytes)
            if !isCloned { try target { () throws(StoreError) in try SystemCall.write(bytes, to: copy, temporary) } }
            count += Int64(length)
        }
        return (ContentDigest(bytes: hash.finalize()), count)
    }

    /// Some file systems say only now that the disk is full.
    private func finish(_ copy: FileDescriptor, _ path: FilePath) throws(StoreError) {
        if isDurable { try SystemCall.check(fsync(copy.rawValue), "write", path) }
        try SystemCall.check(close(copy.rawValue), "write", path)
    }

    /// `false` if the store has it already.
    private func publish(_ temporary: FilePath, as digest: ContentDigest, size: Int64) throws(StoreError) -> Bool {
        if has(digest, size: size) {
            try SystemCall.remove(temporary)
            return false
        }
        let object = store.path(of: digest)
        do {
            try SystemCall.move(temporary, to: object)
        } catch {
            guard error.code == .missing else { throw error }
            try SystemCall.makeDirectories(object.removingLastComponent())
            try SystemCall.move(temporary, to: object)
        }
        return true
    }

    /// A file of another size is what a power failure left: it is put there anew.
    private func has(_ digest: ContentDigest, size: Int64) -> Bool {
        guard let status = SystemCall.status(at: store.path(of: digest)) else { return false }
        return status.isFile && Int64(status.st_size) == size
    }

    private func source<Value>(_ body: () throws(StoreError) -> Value) throws(SourceTrouble) -> Value {
        do { return try body() } catch { throw .source(error) }
    }

    private func target<Value>(_ body: () throws(StoreError) -> Value) throws(SourceTrouble) -> Value {
        do { return try body() } catch { throw .store(error) }
    }
}
