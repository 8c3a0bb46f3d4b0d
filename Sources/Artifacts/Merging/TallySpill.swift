import SystemPackage

#if canImport(Glibc)
    import Glibc
#elseif canImport(Darwin)
    import Darwin
#endif

/// Counted tests on disk, in heaps by their hash; the file has no name and goes with the process.
final class TallySpill {
    static let heapCount = 256
    private static let blockRecords = 512
    private let file: FileDescriptor
    /// One block for each heap, one after another.
    private let buffers: UnsafeMutableBufferPointer<TestTally.Record>
    /// How many records wait in each heap's block.
    private var waiting: [Int]
    /// For each heap the numbers of its blocks in the file.
    private var blocks: [[UInt32]]
    private var blockCount: UInt32 = 0
    /// What the disk would not take stays in memory.
    private var unwritten: [TestTally.Record] = []

    /// `nil` where no temporary file can be made.
    init?(in directory: String) {
        var template = Array("\(directory)/dt-ci-count-XXXXXX".utf8CString)
        let descriptor = mkstemp(&template)
        guard descriptor >= 0 else { return nil }
        unlink(template)
        file = FileDescriptor(rawValue: descriptor)
        buffers = .allocate(capacity: Self.heapCount * Self.blockRecords)
        waiting = .init(repeating: 0, count: Self.heapCount)
        blocks = .init(repeating: [], count: Self.heapCount)
    }

    deinit {
        buffers.deallocate()
        try? file.close()  // the file is gone already: nothing can be lost
    }

    static func heap(of record: TestTally.Record) -> Int { Int(record.identity >> 56) }

    /// Adds records to their heaps; `false`, and nothing added, if the disk is full.
    func append(_ records: [TestTally.Record]) -> Bool {
        guard reserve(records.count) else { return false }
        for record in records {
            let heap = Self.heap(of: record)
            if waiting[heap] == Self.blockRecords { writeBlock(of: heap) }
            buffers[heap * Self.blockRecords + waiting[heap]] = record
            waiting[heap] += 1
        }
        return true
    }

    /// All records of one heap.
    func records(of heap: Int) -> [TestTally.Record] {
        var records: [TestTally.Record] = []
        records.reserveCapacity((blocks[heap].count + 1) * Self.blockRecords)
        for block in blocks[heap] { records += read(block: block) }
        records += waitingRecords(of: heap)
        return records + unwritten.filter { Self.heap(of: $0) == heap }
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

    private func waitingRecords(of heap: Int) -> UnsafeMutableBufferPointer<TestTally.Record>.SubSequence {
        buffers[heap * Self.blockRecords..<heap * Self.blockRecords + waiting[heap]]
    }

    private func writeBlock(of heap: Int) {
        let records = waitingRecords(of: heap)
        waiting[heap] = 0
        let bytes = UnsafeRawBufferPointer(UnsafeMutableBufferPointer(rebasing: records))
        do {
            _ = try file.writeAll(toAbsoluteOffset: Int64(blockCount) * Int64(bytes.count), bytes)
            blocks[heap].append(blockCount)
            blockCount += 1
        } catch {
            unwritten += records
        }
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
