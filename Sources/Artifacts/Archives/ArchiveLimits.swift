/// What an archive from anywhere may come to before it is taken for a bomb.
package struct ArchiveLimits: Sendable, Hashable {
    /// Files, links and directories.
    package var entries: Int
    /// Of everything unpacked, in bytes.
    package var size: Int64
    /// How many times larger everything is unpacked than packed, where it is more than `ratioFrom`.
    package var ratio: Int64

    /// Less than this fills no disk, however well it is packed.
    static let ratioFrom: Int64 = 64 << 20

    package init(entries: Int = 2_000_000, size: Int64 = 50 << 30, ratio: Int64 = 250) {
        self.entries = entries
        self.size = size
        self.ratio = ratio
    }

    /// - Throws: `StoreError` that names the bound and its option.
    func check(entries: Int) throws(StoreError) {
        guard entries <= self.entries else {
            throw StoreError(.tooLarge, "it holds \(entries) entries, more than --unpacked-files \(self.entries)")
        }
    }

    /// - Throws: `StoreError` that names the bound and its option.
    func check(unpacked: Int64, packed: Int64) throws(StoreError) {
        guard unpacked <= size else {
            throw StoreError(.tooLarge, "it unpacks to more than --unpacked-size \(SizeText.exact(size))")
        }
        guard unpacked > Self.ratioFrom, unpacked / max(packed, 1) > ratio else { return }
        throw StoreError(
            .tooLarge, "it unpacks to \(unpacked / max(packed, 1)) times its size, more than --unpacked-ratio \(ratio)")
    }
}
