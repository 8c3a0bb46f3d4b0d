package import SystemPackage

/// How an artifact or an archive is unpacked.
package struct GetPolicy: Sendable {
    /// Whether files that are there are replaced.
    package var overwrites: Bool
    /// Whether files are further names of the store's own, which nobody must change; executable ones are copied.
    package var links: Bool
    /// Which paths are wanted.
    package var isWanted: @Sendable (String) -> Bool

    package init(
        overwrites: Bool = false, links: Bool = false, isWanted: @escaping @Sendable (String) -> Bool = { _ in true }
    ) {
        self.overwrites = overwrites
        self.links = links
        self.isWanted = isWanted
    }
}

/// What was unpacked.
package struct GetReport: Sendable, Hashable {
    package var written = StoredArtifact.Totals()
    /// Files that share their bytes with the store.
    package var linked = 0
    /// Entries that were not wanted.
    package var unwanted = 0
    /// Names that were changed.
    package var changes = PutRemarks()
}

extension ArtifactStore {
    /// Writes an artifact's tree below a directory, each content compared with its digest before it gets its name.
    ///
    /// - Throws: `StoreError`; what was written before stays.
    package func get(
        _ artifact: StoredArtifact, to directory: FilePath, policy: GetPolicy = GetPolicy()
    ) throws(StoreError) -> GetReport {
        let entries = try self.entries(of: artifact)
        var tree = try TreeWriter.begin(at: directory, overwrites: policy.overwrites)
        var report = GetReport()
        while let entry = try entries.next() {
            guard policy.isWanted(entry.path) else {
                report.unwanted += 1
                continue
            }
            switch entry.kind {
            case .file(let content):
                if policy.links, try link(content, of: entry.path, in: &tree) {
                    report.linked += 1
                } else {
                    try write(content, of: entry.path, in: &tree)
                }
            case .symbolicLink(let target): try tree.link(entry.path, to: target)
            case .emptyDirectory: try tree.directory(entry.path)
            }
            report.written.add(entry)
        }
        return report
    }

    private func link(
        _ content: ArtifactEntry.FileContent, of path: String, in tree: inout TreeWriter
    ) throws(StoreError) -> Bool {
        // All names of a file have one mode, and that of the store's is not executable.
        guard !content.isExecutable else { return false }
        try read(content, of: path) { _ throws(StoreError) in }
        return try tree.link(path, toFile: self.path(of: content.digest))
    }

    private func write(
        _ content: ArtifactEntry.FileContent, of path: String, in tree: inout TreeWriter
    ) throws(StoreError) {
        let object = self.path(of: content.digest)
        try tree.file(path, isExecutable: content.isExecutable) { file, place throws(StoreError) in
            let isCloned = content.size >= 64 << 10 ? try clone(object, to: file) : false
            try read(content, of: path) { piece throws(StoreError) in
                if !isCloned { try SystemCall.write(piece, to: file, place) }
            }
        }
    }

    private func clone(_ object: FilePath, to file: FileDescriptor) throws(StoreError) -> Bool {
        guard SystemCall.status(at: object) != nil else { return false }
        let source = try SystemCall.openFile(object)
        defer { try? source.close() }  // nothing was written: a failed close loses nothing
        return SystemCall.clone(source, to: file)
    }
}
