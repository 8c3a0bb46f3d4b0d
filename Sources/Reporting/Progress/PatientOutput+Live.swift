#if canImport(Glibc)
    import Glibc
#elseif canImport(Darwin)
    import Darwin
#endif

/// Writes to a terminal or pipe without ever standing still for a reader that does: one that has stopped (Ctrl-S, a
/// pager) gets the text later, one that has gone gets nothing.
struct PatientOutput: Sendable {
    /// Kept for a reader that is behind, in bytes.
    static let capacity = 1 << 20
    /// How long a reader may hold up the run when it is behind by more than that.
    static let patience = Duration.seconds(5)
    /// What a pipe that is ready takes without blocking.
    private static let portion = 4096

    private let descriptor: Int32
    private var pending: [UInt8] = []
    private var sent = 0
    private var leftOut = 0
    private var isBroken = false

    init(_ descriptor: Int32) { self.descriptor = descriptor }

    /// Writes what the reader takes now and keeps the rest.
    mutating func write(_ text: String) {
        if pending.count - sent + text.utf8.count > Self.capacity { flush(waiting: Self.patience) }
        if pending.count - sent + text.utf8.count > Self.capacity {
            leftOut += text.utf8.count
        } else {
            if leftOut > 0, !text.isEmpty {
                pending.append(contentsOf: "… \(leftOut) bytes left out: the reader did not take them …\n".utf8)
                leftOut = 0
            }
            pending.append(contentsOf: text.utf8)
        }
        flush(waiting: .zero)
    }

    /// Waits for the reader at most so long each time that it takes nothing.
    mutating func flush(waiting: Duration) {
        while sent < pending.count, !isBroken {
            var entry = pollfd(fd: descriptor, events: Int16(POLLOUT), revents: 0)
            let ready = poll(&entry, 1, Int32(waiting.components.seconds * 1000))
            if ready == 0 { return }
            if ready > 0 { writePortion() } else if errno != EINTR { isBroken = true }
        }
        pending.removeAll(keepingCapacity: true)
        sent = 0
    }

    private mutating func writePortion() {
        let count = pending[sent...].prefix(Self.portion).withUnsafeBytes { bytes in
            #if canImport(Darwin)
                Darwin.write(descriptor, bytes.baseAddress, bytes.count)
            #else
                Glibc.write(descriptor, bytes.baseAddress, bytes.count)
            #endif
        }
        if count >= 0 {
            sent += count
        } else if errno != EINTR, errno != EAGAIN {
            isBroken = true
        }
    }
}
