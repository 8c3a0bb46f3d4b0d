/// How an object is cut into parts: at most 10,000 of them, each but the last of 5 MiB at least (Amazon S3 User Guide,
/// "Amazon S3 multipart upload limits").
struct S3PartPlan: Sendable, Hashable {
    let size: Int64
    /// Of every part but the last.
    let partSize: Int64

    /// Objects up to here go in one piece.
    static let singleLimit: Int64 = 16 << 20
    /// The largest object there is: 5 TiB.
    static let sizeLimit: Int64 = 5 << 40

    /// `wanted` is the least size of a part; it grows where the object would have too many of them.
    init(size: Int64, wanted: Int64 = 8 << 20) {
        self.size = size
        let mebibyte: Int64 = 1 << 20
        let needed = (size + 9_999) / 10_000
        partSize = max(max(wanted, 5 * mebibyte), (needed + mebibyte - 1) / mebibyte * mebibyte)
    }

    var count: Int { max(1, Int((size + partSize - 1) / partSize)) }

    /// Where a part begins and how long it is; the first is number 1.
    func range(of number: Int) -> (offset: Int64, count: Int64) {
        let offset = Int64(number - 1) * partSize
        return (offset, min(partSize, size - offset))
    }
}
