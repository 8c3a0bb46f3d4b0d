package import CICore

package import struct FoundationEssentials.Date

extension HistoricalRun {
    /// Imported tests as a run; its id is a digest of what is in them, so that importing the same again changes nothing.
    package init(importing tests: [TestRecord], hardware: HardwareClass, isComplete: Bool, at time: Date) {
        var digest = Digest()
        digest.add(hardware.rawValue)
        for test in tests {
            digest.add(test.id.rawValue)
            for attempt in test.attempts {
                digest.add(attempt.outcome.rawValue)
                digest.add("\(attempt.duration.historyMicroseconds)")
            }
        }
        self.init(
            id: RunID("import-\(String(digest.value, radix: 16))"), startedAt: time, hardware: hardware,
            isComplete: isComplete, tests: tests)
    }

    /// FNV-1a with 64 bits (draft-eastlake-fnv): tells imports apart, guards against nothing.
    private struct Digest {
        var value: UInt64 = 0xcbf2_9ce4_8422_2325

        mutating func add(_ text: String) {
            for byte in text.utf8 { mix(byte) }
            mix(0xFF)
        }

        private mutating func mix(_ byte: UInt8) { value = (value ^ UInt64(byte)) &* 0x100_0000_01b3 }
    }
}
