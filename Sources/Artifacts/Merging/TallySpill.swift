import SystemPackage

#if canImport(Glibc)
    import Glibc
#elseif canImport(Darwin)
    import Darwin
#endif

/// Counted tests on disk, in heaps by their hash; the file has no name and goes with the process.
final class TallySpill {
    static let heapCount = 256
    private static let blockRecords = 2048
    private let file: FileDescriptor
    private var buffers: [[TestTally.Record]]
    /// For each heap the numbers of its blocks in the file.
    private var blocks: [[UInt32]]
    private var blockCount: UInt32 = 0

    /// `nil` where no temporary file can be made.
    init?(in directory: String) {
        var template = Array("\(directory)/dt-ci-count-XXXXXX".utf8CString)
        let descriptor = mkstemp(&template)
        guard descriptor >= 0 else { return nil }
        unlink(template)
        file = FileDescriptor(rawValue: descriptor)
        buffers = .init(repeating: [], count: Self.heapCount)
        blocks = .init(repeating: [], count: Self.heapCount)
    }

    deinit { try? file.close() }  // the file is gone already: nothing can be lost

    static func heap(of record: TestTally.Record) -> Int { Int(record.identity >> 56) }

    /// Adds records to their heaps; `false`, and nothing added, if the disk is full.
    func append(_ records: [TestTally.Record]) -> Bool {
        guard reserve(records.count) else { return false }
        for record in records {
            let heap = Self.heap(of: record)
            if buffers[heap].isEmpty { buffers[heap].reserveCapacity(Self.blockRecords) }
            buffers[heap].append(record)
            if buffers[heap].count == Self.blockRecords { writeBlock(of: heap) }
        }
        return true
    }

    /// All records of one heap.
    func records(of heap: Int) -> [TestTally.Record] {
        var records: [TestTally.Record] = []
        records.reserveCapacity(blocks[heap].count * Self.blockRecords + buffers[heap].count)
        for block in blocks[heap] { records += read(block: block) }
        return records + buffers[heap]
    }

    /// Makes sure of the room beforehand, so that a write cannot fail half-way.
    private func reserve(_ count: Int) -> Bool {
        let size = Self.blockRecords * MemoryLayout<TestTally.Record>.stride
        let blocks = count / Self.blockRecords + Self.heapCount + 1
        #if canImport(Glibc)
            return posix_fallocate(file.rawValue, Int(blockCount) * size, blocks * size) == 0
        #else
            return ftruncate(file.rawValue, (Int64(blockCount) + Int64(blocks)) * Int64(size)) == 0
        #endif
    }

    private func writeBlock(of heap: Int) {
        let size = Self.blockRecords * MemoryLayout<TestTally.Record>.stride
        let isWritten = buffers[heap].withUnsafeBytes { bytes in
            // What cannot be written stays in its buffer: nothing is lost.
            (try? file.writeAll(toAbsoluteOffset: Int64(blockCount) * Int64(size), bytes)) != nil
        }
        guard isWritten else { return }
        blocks[heap].append(blockCount)
        blockCount += 1
        buffers[heap].removeAll(keepingCapacity: true)
    }

    private func read(block: UInt32) -> [TestTally.Record] {
        let size = Self.blockRecords * MemoryLayout<TestTally.Record>.stride
        return [TestTally.Record](unsafeUninitializedCapacity: Self.blockRecords) { buffer, count in
            var done = 0
            let raw = UnsafeMutableRawBufferPointer(buffer)
            while done < size {
                let part = UnsafeMutableRawBufferPointer(rebasing: raw[done..<size])
                let offset = Int64(block) * Int64(size) + Int64(done)
                guard let read = try? file.read(fromAbsoluteOffset: offset, into: part), read > 0 else { break }
                done += read
            }
            count = done / MemoryLayout<TestTally.Record>.stride
        }
    }
}
