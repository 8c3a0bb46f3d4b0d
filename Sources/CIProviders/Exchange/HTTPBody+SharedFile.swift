import CICore

extension HTTPBody {
    /// A file's bytes, read while they are sent.
    init(_ content: SharedFile.Content) {
        switch content {
        case .bytes(let bytes): self.init(bytes)
        case .file(let path, let count): self.init([.file(path, offset: 0, count: count)])
        }
    }
}
