import CICore
import SystemPackage

#if canImport(Glibc)
    import Glibc
#elseif canImport(Darwin)
    import Darwin
#endif

/// Goes over a source's tree in a manifest's order, one item at a time; memory is that of the listings on the way down.
final class SourceWalk {
    /// What was left out, and why.
    private(set) var losses = PutRemarks()
    /// What was taken but has another name now.
    private(set) var changes = PutRemarks()
    /// Names that were left out because they begin with a dot.
    private(set) var hidden = 0
    private let source: ArtifactSource
    /// A directory that is never entered: the store itself.
    private let forbidden: FileIdentity?
    private var frames: [Frame]

    /// As seen from the root; empty for the root itself.
    private struct Paths {
        var original = ""
        var safe = ""
        /// Whether any name on the way had to be changed.
        var isChanged = false
    }

    /// What is wanted of a directory.
    private struct Wanted {
        var picks = PickTree([])
        var filters: [@Sendable (String) -> Bool] = []
        /// Whether everything in it is.
        var isWhole = false
    }

    /// A directory on the way down.
    private struct Frame {
        let place: FilePath
        let paths: Paths
        let wanted: Wanted
        let identity: FileIdentity
        let listing: SourceListing
        var next = 0
        var isEmpty = true
    }

    /// - Throws: `StoreError` if the root is no directory, or something that was picked by its path is not there.
    init(_ source: ArtifactSource, avoiding store: FilePath) throws(StoreError) {
        self.source = source
        forbidden = SystemCall.status(at: store, following: true)?.identity
        frames = []
        for pick in source.picks where pick.matches == nil {
            let place = pick.path.isEmpty ? source.root : source.root.appending(pick.path)
            if SystemCall.status(at: place) == nil { throw StoreError(Errno(rawValue: errno), "put", place) }
        }
        guard let status = SystemCall.status(at: source.root, following: true) else {
            throw StoreError(Errno(rawValue: errno), "put", source.root)
        }
        guard status.isDirectory else { throw StoreError(.notDirectory, "put", source.root) }
        try enter(
            source.root, Paths(), Wanted(picks: PickTree(source.picks)), status.identity)
    }

    /// The next item; `nil` when all were given.
    ///
    /// - Throws: `StoreError` for a link where links are refused.
    func next() throws(StoreError) -> SourceItem? {
        while let frame = frames.last {
            guard frame.next < frame.listing.count else {
                frames.removeLast()
                if let item = leave(frame) { return item }
                continue
            }
            frames[frames.count - 1].next += 1
            if let item = try look(at: frame.next, of: frame) {
                frames[frames.count - 1].isEmpty = false
                return item
            }
        }
        return nil
    }

    private func leave(_ frame: Frame) -> SourceItem? {
        guard !frames.isEmpty else { return nil }
        guard frame.isEmpty, frame.wanted.isWhole else {
            if !frame.isEmpty { frames[frames.count - 1].isEmpty = false }
            return nil
        }
        frames[frames.count - 1].isEmpty = false
        return item(.emptyDirectory, frame.paths, frame.place)
    }

    private func look(at index: Int, of frame: Frame) throws(StoreError) -> SourceItem? {
        let bytes = frame.listing.name(index)
        let name = String(decoding: bytes, as: UTF8.self)
        let original = frame.paths.original.isEmpty ? name : "\(frame.paths.original)/\(name)"
        let picks = frame.wanted.picks.children[name]
        let filters = frame.wanted.filters
        let isWhole = frame.wanted.isWhole || picks?.isWhole == true || filters.contains { $0(original) }
        guard isWhole || picks != nil || !filters.isEmpty, !source.isExcluded(original) else { return nil }
        if frame.listing.isHidden(index), picks == nil, !source.includesHidden {
            if isWhole { hidden += 1 }
            return nil
        }
        let safe = frame.listing.safeName(index)
        let paths = Paths(
            original: original, safe: frame.paths.safe.isEmpty ? safe : "\(frame.paths.safe)/\(safe)",
            isChanged: frame.paths.isChanged || frame.listing.isChanged(index))
        let place = Self.place(of: bytes, in: frame.place)
        guard let status = SystemCall.status(at: place) else {
            // The place where a glob would have begun.
            if errno == ENOENT, picks?.isWhole == false { return nil }
            lose(original, Errno(rawValue: errno) == .noSuchFileOrDirectory ? "vanished" : "\(Errno(rawValue: errno))")
            return nil
        }
        if status.isDirectory {
            let wanted = Wanted(picks: picks ?? PickTree([]), filters: filters, isWhole: isWhole)
            descend(place, paths, wanted, status.identity)
            return nil
        }
        guard isWhole else { return nil }
        return try take(place, paths, status)
    }

    private func take(
        _ place: FilePath, _ paths: Paths, _ status: stat
    ) throws(StoreError) -> SourceItem? {
        guard !status.isSymbolicLink else { return try takeLink(place, paths) }
        guard status.isFile else {
            lose(paths.original, "is \(Self.kindName(status)), no file")
            return nil
        }
        return item(.file(size: Int64(status.st_size)), paths, place)
    }

    private func takeLink(
        _ place: FilePath, _ paths: Paths
    ) throws(StoreError) -> SourceItem? {
        switch source.symbolicLinks {
        case .skip:
            return nil
        case .refuse:
            throw StoreError(.unusable, "\(SafeText.line(place.string)) is a symbolic link, which --symlinks refuses")
        case .keep:
            let target = Self.target(of: place)
            guard let target, ArtifactPath.isInside(target: target, at: paths.safe) else {
                lose(paths.original, "is a link out of the artifact (--symlinks follow takes what it leads to)")
                return nil
            }
            return item(.symbolicLink(target: target), paths, place)
        case .follow:
            guard let status = SystemCall.status(at: place, following: true) else {
                lose(paths.original, "is a link to what is not there")
                return nil
            }
            guard status.isDirectory else { return try take(place, paths, status) }
            descend(place, paths, Wanted(isWhole: true), status.identity)
            return nil
        }
    }

    private func descend(_ place: FilePath, _ paths: Paths, _ wanted: Wanted, _ identity: FileIdentity) {
        if identity == forbidden { return }
        guard !frames.contains(where: { $0.identity == identity }) else {
            return lose(paths.original, "is a link to a directory that it is in")
        }
        do {
            try enter(place, paths, wanted, identity)
        } catch {
            losses.add(error.description)
        }
    }

    private func enter(
        _ place: FilePath, _ paths: Paths, _ wanted: Wanted, _ identity: FileIdentity
    ) throws(StoreError) {
        var wanted = wanted
        wanted.filters += wanted.picks.filters
        wanted.isWhole = wanted.isWhole || wanted.picks.isWhole
        let listing =
            wanted.isWhole || !wanted.filters.isEmpty
            ? try SourceListing(directory: place) : SourceListing(names: wanted.picks.children.keys)
        for name in listing.namesThatDifferInCase {
            let path = paths.safe.isEmpty ? name : "\(paths.safe)/\(name)"
            changes.add("\(SafeText.line(path)): Windows and macOS cannot tell this name from another beside it")
        }
        frames.append(
            Frame(place: place, paths: paths, wanted: wanted, identity: identity, listing: listing))
    }

    private func item(
        _ kind: SourceItem.Kind, _ paths: Paths, _ place: FilePath
    ) -> SourceItem? {
        guard paths.safe.utf8.count <= ArtifactPath.limit else {
            lose(paths.original, "has too long a path")
            return nil
        }
        guard paths.isChanged else { return SourceItem(path: paths.safe, place: place, kind: kind) }
        changes.add("\(SafeText.line(paths.original)) is called \(SafeText.line(paths.safe)) in the artifact")
        return SourceItem(path: paths.safe, original: paths.original, place: place, kind: kind)
    }

    private func lose(_ path: String, _ reason: String) { losses.add("\(SafeText.line(path)) \(reason)") }

    /// With a name that may be no UTF-8.
    private static func place(of name: [UInt8], in directory: FilePath) -> FilePath {
        let bytes = directory.withPlatformString { strlen($0) }
        var path: [CChar] = directory.withPlatformString { Array(UnsafeBufferPointer(start: $0, count: bytes)) }
        path.append(CChar(bitPattern: UInt8(ascii: "/")))
        path += name.map { CChar(bitPattern: $0) }
        path.append(0)
        return path.withUnsafeBufferPointer { buffer in
            buffer.baseAddress.map { FilePath(platformString: $0) } ?? directory
        }
    }

    /// `nil` if it cannot be read or is no UTF-8.
    private static func target(of link: FilePath) -> String? {
        let target = [UInt8](unsafeUninitializedCapacity: 4096) { buffer, count in
            buffer.withMemoryRebound(to: CChar.self) { characters in
                guard let base = characters.baseAddress else { return }
                count = max(0, link.withPlatformString { readlink($0, base, characters.count) })
            }
        }
        return String(validating: target, as: UTF8.self)
    }

    private static func kindName(_ status: stat) -> String {
        switch status.st_mode & S_IFMT {
        case S_IFSOCK: "a socket"
        case S_IFIFO: "a pipe"
        case S_IFBLK, S_IFCHR: "a device"
        default: "something else"
        }
    }
}
