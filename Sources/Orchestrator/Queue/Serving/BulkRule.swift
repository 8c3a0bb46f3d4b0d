/// How many batches a node takes at once: small ones in bulk, so that asking costs little beside running.
package struct BulkRule: Sendable, Hashable {
    /// A slot's stock is worth so much time.
    package var stock: Duration
    /// And never more than so many batches a slot: whoever dies takes them along for a while.
    package var most: Int

    package init(stock: Duration = .milliseconds(500), most: Int = 32) {
        self.stock = stock
        self.most = most
    }

    /// - Parameters:
    ///   - slots: free ones.
    ///   - last: the estimate of the smallest batch so far: as the longest go first, what comes is no longer; `nil` =
    ///     none came yet.
    /// - Returns: at least 1.
    package func count(for slots: Int, last: Duration?) -> Int {
        guard let last else { return max(1, slots) }
        let each = last > .zero ? Int(min(stock / last, Double(most))) : most
        return max(1, slots * max(1, each))
    }
}
