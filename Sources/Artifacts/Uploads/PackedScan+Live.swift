import CICore
import SystemPackage

/// Looks for secrets in a file and, where it is packed, in what it is packed of: the members of zip archives (jar, whl and
/// the like), and gzip streams, which a tar archive within stands open in.
struct PackedScan {
    private let scan: SecretScan
    private let files: any FileSystem

    /// Of one file; a larger one is no log and no report.
    private static let limits = ArchiveLimits(entries: 200_000, size: 8 << 30, ratio: 250)

    init(_ scan: SecretScan, _ files: any FileSystem) {
        self.scan = scan
        self.files = files
    }

    /// What became of it.
    struct Look: Sendable, Hashable {
        /// Whose value is in it.
        var variable: String?
        /// The archive's member that it is in; `nil` for the file's own bytes.
        var member: String?
        /// Why not all of it could be looked into; `nil` where it could.
        var obstacle: String?
    }

    /// Reads the file once as it is, and once more where it is packed.
    ///
    /// - Throws: `FileError`.
    func look(into path: FilePath) throws(FileError) -> Look {
        if let variable = try scan.variable(inFile: path, files) { return Look(variable: variable) }
        guard !scan.isEmpty else { return Look() }
        let format = PackedFormat(try files.contents(of: path, from: 0, count: PackedFormat.width))
        switch format {
        case nil: return Look()
        case .zip: return attempt { look throws(StoreError) in try unzip(path, &look) }
        case .gzip: return attempt { look throws(StoreError) in try gunzip(path, &look) }
        case .other(let title): return Look(obstacle: "\(title) is not unpacked")
        }
    }

    private func attempt(_ body: (inout Look) throws(StoreError) -> Void) -> Look {
        var look = Look()
        do throws(StoreError) {
            try body(&look)
        } catch {
            guard look.variable == nil else { return look }
            look.obstacle = error.code == .tooLarge ? "it unpacks to too much" : "it \(error)"
        }
        return look
    }

    private func unzip(_ path: FilePath, _ look: inout Look) throws(StoreError) {
        let archive = try ZipArchive(path, limits: Self.limits)
        try archive.forEachMember { member throws(StoreError) in
            guard look.variable == nil, member.kind != .directory else { return }
            if let variable = scan.variable(in: member.path) {
                look = Look(variable: variable, member: "a member's name")
                return
            }
            var window = SecretScan.Window(of: scan)
            var isFirst = true
            try archive.read(member) { piece throws(StoreError) in
                if isFirst, PackedFormat(piece.prefix(PackedFormat.width)) != nil {
                    look.obstacle = look.obstacle ?? "\(member.path) is packed once more"
                }
                isFirst = false
                guard look.variable == nil, let variable = window.variable(inNext: piece) else { return }
                look = Look(variable: variable, member: member.path)
            }
        }
    }

    private func gunzip(_ path: FilePath, _ look: inout Look) throws(StoreError) {
        let input = try ArchiveInput(path)
        let inflater = try Inflater(.gzip)
        inflater.restart("its content")
        var window = SecretScan.Window(of: scan)
        var unpacked: Int64 = 0
        try input.forEachPiece(of: 0..<input.count) { piece throws(StoreError) in
            guard look.variable == nil else { return }
            try inflater.add(piece) { piece throws(StoreError) in
                if unpacked == 0, PackedFormat(piece.prefix(PackedFormat.width)) != nil {
                    look.obstacle = "what it holds is packed once more"
                }
                unpacked += Int64(piece.count)
                try Self.limits.check(unpacked: unpacked, packed: input.count)
                guard look.variable == nil, let variable = window.variable(inNext: piece) else { return }
                look = Look(variable: variable, member: "its content")
            }
        }
    }
}

/// How a file is packed, by its first bytes.
enum PackedFormat: Sendable, Hashable {
    case zip
    case gzip
    /// One that is known by its title alone.
    case other(String)

    /// Bytes that tell.
    static let width = 6

    /// `nil` for what is not packed, or not so that it shows.
    init?(_ start: some Sequence<UInt8>) {
        let start = Array(start)
        guard let format = Self.marks.first(where: { start.starts(with: $0.0) })?.1 else { return nil }
        self = format
    }

    private static let marks: [([UInt8], PackedFormat)] = [
        ([0x50, 0x4B, 0x03, 0x04], .zip), ([0x50, 0x4B, 0x05, 0x06], .zip), ([0x1F, 0x8B, 0x08], .gzip),
        (Array("BZh".utf8), .other("bzip2")), ([0xFD, 0x37, 0x7A, 0x58, 0x5A], .other("xz")),
        ([0x28, 0xB5, 0x2F, 0xFD], .other("zstd")), ([0x37, 0x7A, 0xBC, 0xAF, 0x27, 0x1C], .other("7z")),
        (Array("Rar!".utf8), .other("rar")), ([0x04, 0x22, 0x4D, 0x18], .other("lz4")),
    ]
}
