import ArgumentParser
import CICore
import Orchestrator
import Reporting
import Synchronization

/// Which batches' output is shown while a run goes on.
enum OutputPolicy: String, ExpressibleByArgument, CaseIterable {
    case failures
    case all
    case none
}

/// Tells progress and events file what happens, and shows what batches write where that is wanted.
final class RunReporter: RunObserver {
    private let progress: RunProgress
    /// The beginning of a line of each slot that has no end yet.
    private let pending = Mutex<[Int: [UInt8]]>([:])
    /// Longer lines are cut in pieces, so that no output can grow in memory.
    private static let longestLine = 16 << 10

    init(_ progress: RunProgress) { self.progress = progress }

    func observe(_ event: RunEvent) {
        if case .batchFinished(_, let slot, _, _) = event.kind { flush(slot) }
        progress.handle(event)
    }

    func observe(output: [UInt8], of batch: BatchID, slot: Int) {
        let lines = pending.withLock { pending in
            var bytes = pending[slot, default: []] + output
            let end = bytes.lastIndex(of: UInt8(ascii: "\n")).map { $0 + 1 }
            let cut = end ?? (bytes.count > Self.longestLine ? bytes.count : 0)
            let lines = Array(bytes[..<cut])
            bytes.removeFirst(cut)
            pending[slot] = bytes
            return lines
        }
        show(lines, slot: slot)
    }

    private func flush(_ slot: Int) {
        let rest = pending.withLock { $0.removeValue(forKey: slot) ?? [] }
        show(rest, slot: slot)
    }

    private func show(_ bytes: [UInt8], slot: Int) {
        guard !bytes.isEmpty else { return }
        let text = String(decoding: bytes, as: UTF8.self)
            .split(separator: "\n", omittingEmptySubsequences: false)
            .map { "\(slot)| \(SafeText.line(String($0)))\n" }
        progress.interject(text.dropLast(bytes.last == UInt8(ascii: "\n") ? 1 : 0).joined())
    }
}
