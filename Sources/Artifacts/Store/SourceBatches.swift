/// A walk's items in portions that are worth a thread's time: a few megabytes or a few hundred files.
struct SourceBatches {
    /// One portion.
    struct Batch: Sendable {
        /// Counted from 0.
        var number: Int
        var items: [SourceItem]
    }

    private let walk: SourceWalk
    private var number = 0
    private var count = 0
    private static let files = 128
    private static let bytes: Int64 = 4 << 20
    /// More is no artifact, but links that lead in circles.
    private static let limit = 20_000_000

    init(_ walk: SourceWalk) { self.walk = walk }

    /// `nil` when all were given.
    mutating func next() throws(StoreError) -> Batch? {
        var items: [SourceItem] = []
        var size: Int64 = 0
        while items.count < Self.files, size < Self.bytes, let item = try walk.next() {
            if case .file(let bytes) = item.kind { size += bytes }
            items.append(item)
        }
        guard !items.isEmpty else { return nil }
        count += items.count
        guard count <= Self.limit else {
            throw StoreError(
                .tooLarge, "there are more than \(Self.limit) files; --exclude some or make several artifacts")
        }
        number += 1
        return Batch(number: number - 1, items: items)
    }
}
