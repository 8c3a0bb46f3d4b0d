import Reporting
import Synchronization

/// What one processor draws badges on: the same memory for every block of lines.
///
/// Memory that is handed back and asked for again with each block costs as much as the drawing: the system clears it anew.
final class BadgeSheet: Sendable {
    /// Drawn lines that follow each other.
    struct Drawn: ~Copyable {
        var press: BadgePress
        var writer = BadgeWriter()
        /// Where each badge ends, its line and the name it gives itself; empty for a stream.
        var prints: [(end: Int, line: Int, file: String?)] = []
        /// Lines that were gone through, without the one that failed.
        var lines = 0
        var count = 0
        var failure: BadgeEndpointError?
    }

    private let drawn: Mutex<Drawn>

    init(_ press: BadgePress) { drawn = Mutex(Drawn(press: press)) }

    /// Draws the lines of a part of a block in place of what was drawn before, up to the first that is no badge.
    func draw(_ block: [UInt8], _ range: Range<Int>, keepsNames: Bool) {
        drawn.withLock { drawn in
            drawn.clear()
            block.withUnsafeBufferPointer { drawn.draw($0, range, keepsNames: keepsNames) }
        }
    }

    /// Lends what was drawn.
    func withDrawn(_ body: (borrowing Drawn) throws -> Void) rethrows {
        try drawn.withLock { try body($0) }
    }
}

extension BadgeSheet.Drawn {
    fileprivate mutating func clear() {
        writer.clear()
        prints.removeAll(keepingCapacity: true)
        lines = 0
        count = 0
        failure = nil
    }

    fileprivate mutating func draw(_ bytes: UnsafeBufferPointer<UInt8>, _ range: Range<Int>, keepsNames: Bool) {
        var start = range.lowerBound
        while start < range.upperBound {
            let end = Self.endOfLine(in: bytes, from: start, to: range.upperBound)
            let line = UnsafeBufferPointer(rebasing: bytes[start..<end])
            start = end + 1
            guard !line.allSatisfy({ $0 == 0x20 || $0 == 0x0D || $0 == 0x09 }) else {
                lines += 1
                continue
            }
            do throws(BadgeEndpointError) {
                let print = try press.draw(line, to: &writer)
                if keepsNames { prints.append((writer.count, lines, print.file)) }
                lines += 1
                count += 1
            } catch {
                failure = error
                return
            }
        }
    }

    private static func endOfLine(in bytes: UnsafeBufferPointer<UInt8>, from start: Int, to limit: Int) -> Int {
        var end = start
        while end < limit, bytes[end] != UInt8(ascii: "\n") { end += 1 }
        return end
    }
}
