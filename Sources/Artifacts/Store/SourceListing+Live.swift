import SystemPackage

#if canImport(Glibc)
    import Glibc
#elseif canImport(Darwin)
    import Darwin
#endif

/// The names in a directory with what an artifact calls them, in a manifest's order; about 50 bytes a name.
struct SourceListing {
    /// All names behind each other.
    private var bytes: [UInt8] = []
    private var entries: [Entry] = []

    private struct Entry {
        var name: Range<Int32>
        /// The same as `name` unless that had to be changed.
        var safe: Range<Int32>
    }

    /// No names.
    init() {}

    /// The names that are there; none for a directory that vanished.
    ///
    /// - Throws: `StoreError` where it cannot be read.
    init(directory: FilePath) throws(StoreError) {
        let flags = O_RDONLY | O_DIRECTORY | O_CLOEXEC | O_NONBLOCK
        let descriptor = try SystemCall.check(directory.withPlatformString({ open($0, flags) }), "read", directory)
        guard let stream = fdopendir(descriptor) else {
            close(descriptor)
            throw StoreError(Errno(rawValue: errno), "read", directory)
        }
        defer { closedir(stream) }
        errno = 0
        while let entry = readdir(stream) {
            withUnsafePointer(to: &entry.pointee.d_name) { pointer in
                pointer.withMemoryRebound(to: UInt8.self, capacity: 256) { name in
                    add(UnsafeBufferPointer(start: name, count: strlen(UnsafePointer<CChar>(OpaquePointer(name)))))
                }
            }
            errno = 0
        }
        guard errno == 0 else { throw StoreError(Errno(rawValue: errno), "read", directory) }
        sort()
    }

    /// Names that somebody gave.
    init(names: some Sequence<String>) {
        for name in names {
            var copy = name
            copy.withUTF8 { add($0) }
        }
        sort()
    }

    var count: Int { entries.count }

    /// As it is on disk.
    func name(_ index: Int) -> [UInt8] { Array(bytes[Self.indices(entries[index].name)]) }

    /// As it is in an artifact.
    func safeName(_ index: Int) -> String {
        String(decoding: bytes[Self.indices(entries[index].safe)], as: UTF8.self)
    }

    /// Whether the two differ.
    func isChanged(_ index: Int) -> Bool { entries[index].name != entries[index].safe }

    func isHidden(_ index: Int) -> Bool { bytes[Int(entries[index].name.lowerBound)] == UInt8(ascii: ".") }

    /// The names that some systems cannot tell from another of this directory, as upper and lower case are the same to
    /// them.
    var namesThatDifferInCase: [String] {
        let upper = UInt8(ascii: "A")...UInt8(ascii: "Z")
        guard entries.count > 1, bytes.contains(where: upper.contains) else { return [] }
        var seen = Set<UInt64>(minimumCapacity: entries.count)
        var lower: [UInt8] = []
        return entries.indices.filter { index in
            lower.removeAll(keepingCapacity: true)
            for byte in bytes[Self.indices(entries[index].safe)] {
                lower.append(upper.contains(byte) ? byte | 0x20 : byte)
            }
            return !seen.insert(lower.withUnsafeBufferPointer { IdentityHash.hash($0) }).inserted
        }.map(safeName)
    }

    private mutating func add(_ name: UnsafeBufferPointer<UInt8>) {
        guard !name.isEmpty, !name.elementsEqual(".".utf8), !name.elementsEqual("..".utf8) else { return }
        let range = append(name)
        let safe = SafeName(name)
        entries.append(Entry(name: range, safe: safe.isChanged ? append(safe.text.utf8) : range))
    }

    private mutating func append(_ text: some Collection<UInt8>) -> Range<Int32> {
        let start = Int32(bytes.count)
        bytes.append(contentsOf: text)
        return start..<Int32(bytes.count)
    }

    private mutating func sort() {
        sortBySafeNames()
        var hasClash = false
        for index in entries.indices.dropFirst() where safeName(index) == safeName(index - 1) {
            hasClash = true
            let changed = isChanged(index) ? index : index - 1
            let original = name(changed)
            let distinct = original.withUnsafeBufferPointer { SafeName($0).distinct(from: $0) }
            entries[changed].safe = append(distinct.utf8)
        }
        if hasClash { sortBySafeNames() }
    }

    private mutating func sortBySafeNames() {
        bytes.withUnsafeBufferPointer { bytes in
            entries.sort { left, right in
                let (left, right) = (Self.indices(left.safe), Self.indices(right.safe))
                guard let base = bytes.baseAddress else { return false }
                let order = memcmp(base + left.lowerBound, base + right.lowerBound, min(left.count, right.count))
                return order != 0 ? order < 0 : left.count < right.count
            }
        }
    }

    private static func indices(_ range: Range<Int32>) -> Range<Int> { Int(range.lowerBound)..<Int(range.upperBound) }
}
