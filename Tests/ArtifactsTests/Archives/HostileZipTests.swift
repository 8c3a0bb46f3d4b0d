import Artifacts
import CICore
import Foundation
import SystemPackage
import Testing

/// One entry of an archive that a test writes byte by byte, lies included.
private struct CraftedEntry {
    var name: [UInt8]
    var content: [UInt8] = []
    var method: UInt16 = 0
    var flags: UInt16 = 0x0800
    var mode: UInt32 = 0o100644
    /// What the headers say, where that is not so.
    var claimedSize: UInt32?
    var claimedPacked: UInt32?
    var checksum: UInt32?
    var localName: [UInt8]?
    var offset: UInt32?
    var extra: [UInt8] = []

    init(_ name: String, _ content: String = "", mode: UInt32 = 0o100644) {
        self.name = Array(name.utf8)
        self.content = Array(content.utf8)
        self.mode = mode
    }

    /// Version, flags, method, time, checksum, sizes, name's and extra field's length.
    fileprivate func common(name: [UInt8], extra: [UInt8]) -> [UInt8] {
        short(20) + short(flags) + short(method) + short(0) + short(0x21) + long(checksum ?? crc(content))
            + long(claimedPacked ?? UInt32(content.count)) + long(claimedSize ?? UInt32(content.count))
            + short(UInt16(name.count)) + short(UInt16(extra.count))
    }
}

private func short(_ value: UInt16) -> [UInt8] { [UInt8(value & 0xff), UInt8(value >> 8)] }
private func long(_ value: UInt32) -> [UInt8] { short(UInt16(value & 0xffff)) + short(UInt16(value >> 16)) }

private func crc(_ bytes: [UInt8]) -> UInt32 {
    ~bytes.reduce(0xffff_ffff as UInt32) { state, byte in
        (0..<8).reduce(state ^ UInt32(byte)) { value, _ in value & 1 == 1 ? value >> 1 ^ 0xedb8_8320 : value >> 1 }
    }
}

private func archive(_ entries: [CraftedEntry], count: UInt16? = nil, comment: [UInt8] = []) -> [UInt8] {
    var bytes: [UInt8] = []
    var directory: [UInt8] = []
    for entry in entries {
        let offset = UInt32(bytes.count)
        let localName = entry.localName ?? entry.name
        bytes += long(0x0403_4b50) + entry.common(name: localName, extra: []) + localName + entry.content
        directory += long(0x0201_4b50) + short(0x0314) + entry.common(name: entry.name, extra: entry.extra)
        directory += short(0) + short(0) + short(0) + long(entry.mode << 16) + long(entry.offset ?? offset)
        directory += entry.name + entry.extra
    }
    let end =
        long(0x0605_4b50) + short(0) + short(0) + short(count ?? UInt16(entries.count))
        + short(count ?? UInt16(entries.count)) + long(UInt32(directory.count)) + long(UInt32(bytes.count))
        + short(UInt16(comment.count)) + comment
    return bytes + directory + end
}

@Suite struct HostileZipTests {
    private struct Case: CustomTestStringConvertible {
        var title: String
        var bytes: [UInt8]
        var expected: String
        var testDescription: String { title }
    }

    private static var cases: [Case] {
        func changed(_ name: String, _ content: String = "x", _ change: (inout CraftedEntry) -> Void) -> CraftedEntry {
            var entry = CraftedEntry(name, content)
            change(&entry)
            return entry
        }
        let good = CraftedEntry("good", "fine")
        return [
            .init(title: "climbs", bytes: archive([good, .init("../evil", "x")]), expected: "leads out"),
            .init(title: "climbs inside", bytes: archive([.init("a/../../evil", "x")]), expected: "leads out"),
            .init(title: "absolute", bytes: archive([.init("/tmp/evil", "x")]), expected: "absolute path"),
            .init(title: "no name", bytes: archive([.init("", "x")]), expected: "an entry without a name"),
            .init(
                title: "link out", bytes: archive([.init("l", "/etc", mode: 0o120777)]),
                expected: "the link l, which leads out"),
            .init(
                title: "link up", bytes: archive([.init("d/l", "../..", mode: 0o120777)]), expected: "leads out of it"),
            .init(
                title: "link through a link",
                bytes: archive([.init("a/b", "..", mode: 0o120777), .init("c", "a/b/../x", mode: 0o120777)]),
                expected: "the link c, which leads out"),
            .init(
                title: "file through a link", bytes: archive([.init("d", "e", mode: 0o120777), .init("d/f", "x")]),
                expected: "d on the way is a link"),
            .init(
                title: "device", bytes: archive([.init("dev", "", mode: 0o020666)]),
                expected: "no file, link or directory"),
            .init(title: "twice", bytes: archive([good, .init("good", "evil")]), expected: "good twice"),
            .init(title: "encrypted", bytes: archive([changed("a") { $0.flags |= 1 }]), expected: "a encrypted"),
            .init(title: "method", bytes: archive([changed("a") { $0.method = 12 }]), expected: "method 12"),
            .init(title: "checksum", bytes: archive([changed("a") { $0.checksum = 7 }]), expected: "another checksum"),
            .init(
                title: "size of a stored one", bytes: archive([changed("a") { $0.claimedSize = 9 }]),
                expected: "two sizes"),
            .init(
                title: "other local name", bytes: archive([changed("a") { $0.localName = [0x62] }]),
                expected: "two different headers"),
            .init(
                title: "same bytes", bytes: archive([good, changed("b") { $0.offset = 0 }]), expected: "the same bytes"),
            .init(
                title: "overlap",
                bytes: archive([
                    changed("a", "xx") {
                        $0.claimedPacked = 40; $0.claimedSize = 40
                    }, good,
                ]),
                expected: "reach into another"),
            .init(
                title: "into the directory",
                bytes: archive([
                    changed("a") {
                        $0.claimedPacked = 40; $0.claimedSize = 40
                    }
                ]),
                expected: "more in a than the whole"),
            .init(title: "far offset", bytes: archive([changed("a") { $0.offset = 0x7fff_0000 }]), expected: "cut off"),
            .init(
                title: "64-bit lies",
                bytes: archive([
                    changed("a") {
                        $0.claimedSize = .max
                        $0.claimedPacked = .max
                        $0.extra = short(1) + short(16) + [UInt8](repeating: 0xff, count: 16)
                    }
                ]), expected: "sizes that make no sense"),
            .init(
                title: "64-bit field is missing", bytes: archive([changed("a") { $0.claimedSize = .max }]),
                expected: "two sizes"),
            .init(
                title: "more entries than there are", bytes: archive([good], count: 2),
                expected: "too short for its 2 entries"),
            .init(
                title: "fewer entries than there are", bytes: archive([good, .init("b", "x")], count: 1),
                expected: "another length"),
            .init(
                title: "not deflated", bytes: archive([changed("a", "\u{7}garbage") { $0.method = 8 }]),
                expected: "cannot be unpacked"),
            .init(
                title: "deflated, cut",
                bytes: archive([
                    changed("a") {
                        $0.method = 8; $0.content = [0x4b]
                    }
                ]), expected: "a cut off"),
            // "x" deflated, with a byte behind its end.
            .init(
                title: "deflated, and more",
                bytes: archive([
                    changed("a") {
                        $0.method = 8; $0.content = [0xab, 0, 0, 9]; $0.claimedSize = 1
                    }
                ]),
                expected: "behind the end of a"),
            .init(
                title: "unpacks to more",
                bytes: archive([
                    changed("a") {
                        $0.method = 8; $0.content = [0x4b, 0x4c, 0x4c, 0x4, 0]; $0.claimedSize = 1
                    }
                ]),
                expected: "more in a than it says"),
            .init(
                title: "unpacks to less",
                bytes: archive([
                    changed("a") {
                        $0.method = 8; $0.content = [0xab, 0, 0]; $0.claimedSize = 5
                    }
                ]),
                expected: "less in a than it says"),
            .init(title: "empty file", bytes: [], expected: "no zip archive"),
            .init(title: "no archive", bytes: Array("hello".utf8), expected: "no zip archive"),
            .init(title: "text", bytes: [UInt8](repeating: 0x50, count: 100_000), expected: "no zip archive"),
        ]
    }

    @Test(arguments: cases) private func `an archive that lies or could harm is refused by name`(hostile: Case) throws {
        let directory = try TemporaryDirectory()
        let target = directory.path.appending("in").appending("target")
        let zip = directory.path.appending("hostile.zip")
        try LocalFileSystem().write(hostile.bytes, to: zip)
        let error = #expect(throws: StoreError.self) { try ZipExtraction.extract(zip, to: target) }
        #expect(error?.description.contains(hostile.expected) == true, "\(error?.description ?? "")")
        let left = try StoreSandbox.tree(directory.path).keys.filter { !$0.hasPrefix("in/") }
        #expect(Set(left) == ["hostile.zip"])
        for name in try LocalFileSystem().exists(target) ? StoreSandbox.tree(target).keys.map(\.self) : [] {
            #expect(["good", "d -> e", "a/b -> .."].contains(name), "no unfinished and no refused file is left")
        }
    }

    @Test func `an archive that is cut anywhere is refused, and never hangs or crashes`() throws {
        let directory = try TemporaryDirectory()
        let zip = directory.path.appending("cut.zip")
        let whole = archive([.init("a", "alpha"), .init("b/c", "beta"), .init("l", "a", mode: 0o120777)])
        for length in 0..<whole.count {
            try LocalFileSystem().write(Array(whole[..<length]), to: zip)
            #expect(throws: StoreError.self) {
                try ZipExtraction.extract(zip, to: directory.path.appending("t\(length)"))
            }
        }
    }

    @Test func `an archive with any byte changed never writes elsewhere`() throws {
        let directory = try TemporaryDirectory()
        let zip = directory.path.appending("changed.zip")
        let whole = archive([.init("a", "alpha"), .init("b/c", "beta"), .init("l", "a", mode: 0o120777)])
        for index in whole.indices {
            for bit in [0, 3, 7] {
                var bytes = whole
                bytes[index] ^= 1 << UInt8(bit)
                try LocalFileSystem().write(bytes, to: zip)
                // Some changes do no harm, such as one of a time.
                _ = try? ZipExtraction.extract(
                    zip, to: directory.path.appending("target"), policy: .init(overwrites: true))
            }
        }
        #expect(try LocalFileSystem().entries(of: directory.path).map(\.name) == ["changed.zip", "target"])
    }

    @Test func `bombs are refused before a byte is written`() throws {
        let directory = try TemporaryDirectory()
        let zip = directory.path.appending("bomb.zip")
        let program = """
            import sys, zipfile
            with zipfile.ZipFile(sys.argv[1], 'w', zipfile.ZIP_DEFLATED) as archive:
                for n in range(7): archive.writestr(f'{n}', b'0' * 10_000_000)
            """
        #expect(try Tool.run("python3", "-c", program, zip.string).exitCode == 0)
        let target = directory.path.appending("target")
        for (limits, expected) in [
            (ArchiveLimits(), "times its size, more than --unpacked-ratio 250"),
            (ArchiveLimits(size: 60_000_000), "more than --unpacked-size 60MB"),
            (ArchiveLimits(entries: 6), "7 entries, more than --unpacked-files 6"),
        ] {
            let error = #expect(throws: StoreError.self) { try ZipExtraction.extract(zip, to: target, limits: limits) }
            #expect(error?.code == .tooLarge)
            #expect(error?.description.contains(expected) == true, "\(error?.description ?? "")")
            #expect(!LocalFileSystem().exists(target))
        }
        #expect(try ZipExtraction.extract(zip, to: target, limits: .init(ratio: 2000)).written.entries == 7)
    }

    @Test func `names from other systems are made safe, and said`() throws {
        let directory = try TemporaryDirectory()
        let zip = directory.path.appending("names.zip")
        var latin = CraftedEntry("x", "3")
        latin.name = [0x61, 0xff]
        let comment = Array("PK\u{5}\u{6} in a comment".utf8)
        let bytes = archive(
            [.init("dir\\..\\a", "1"), .init("C:/b\n", "2"), latin, .init("./c", "4")], comment: comment)
        try LocalFileSystem().write(bytes, to: zip)
        let target = directory.path.appending("target")
        let report = try ZipExtraction.extract(zip, to: target)
        #expect(
            try StoreSandbox.tree(target) == ["dir%5C..%5Ca": "1", "C%3A/b%0A": "2", "a%FF": "3", "c": "4"])
        #expect(report.changes.count == 3)
    }
}
