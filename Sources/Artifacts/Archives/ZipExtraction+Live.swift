import CICore
package import SystemPackage

/// Unpacks zip archives from anywhere.
package enum ZipExtraction {
    /// Writes what is in an archive below a directory, each file whole or not at all.
    ///
    /// - Throws: `StoreError` that names the archive; the whole directory of the archive was checked before anything was
    ///   written, and what was written before an error stays.
    package static func extract(
        _ archive: FilePath, to directory: FilePath, policy: GetPolicy = GetPolicy(),
        limits: ArchiveLimits = ArchiveLimits()
    ) throws(StoreError) -> GetReport {
        do throws(StoreError) {
            return try unpack(archive, to: directory, policy, limits)
        } catch {
            guard [.malformed, .damaged, .tooLarge, .unusable].contains(error.code) else { throw error }
            throw StoreError(error.code, "\(SafeText.line(archive.string, limit: 1024)) \(error)")
        }
    }

    private static func unpack(
        _ archive: FilePath, to directory: FilePath, _ policy: GetPolicy, _ limits: ArchiveLimits
    ) throws(StoreError) -> GetReport {
        let zip = try ZipArchive(archive, limits: limits)
        var tree = try TreeWriter.begin(at: directory, overwrites: policy.overwrites)
        var report = GetReport()
        try zip.forEachMember { member throws(StoreError) in
            guard !member.path.isEmpty else { return }
            guard policy.isWanted(member.path) else {
                report.unwanted += 1
                return
            }
            try write(member, of: zip, to: &tree)
            if member.isChanged {
                let original = SafeText.line(String(decoding: member.record.name, as: UTF8.self))
                report.changes.add("\(original) is called \(SafeText.line(member.path)) here")
            }
            if member.kind != .directory { report.written.add(member.record.unpackedSize) }
        }
        return report
    }

    private static func write(
        _ member: ZipMember, of zip: ZipArchive, to tree: inout TreeWriter
    ) throws(StoreError) {
        switch member.kind {
        case .directory:
            try tree.directory(member.path)
        case .symbolicLink:
            var bytes: [UInt8] = []
            try zip.read(member) { piece throws(StoreError) in bytes += piece }
            let target = String(decoding: bytes, as: UTF8.self)
            guard ArtifactPath.isInside(target: target, at: member.path), target.utf8.elementsEqual(bytes) else {
                throw StoreError(
                    .malformed,
                    "has the link \(SafeText.line(member.path)), which leads out of it: \(SafeText.line(target))")
            }
            try tree.link(member.path, to: target)
        case .file(let isExecutable):
            try tree.file(member.path, isExecutable: isExecutable) { file, place throws(StoreError) in
                try zip.read(member) { piece throws(StoreError) in try SystemCall.write(piece, to: file, place) }
            }
        }
    }
}
