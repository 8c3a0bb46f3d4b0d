import Artifacts
import CICore
import Orchestrator
import Reporting
import SystemPackage

/// Draws the badges of a file of JSON lines, a block of it at a time and each block on all processors.
struct BadgeBatch {
    /// As the user named it.
    let name: String
    let file: FilePath
    let press: BadgePress
    let processors: Int

    /// What is drawn of it by one of a few processors stays in that processor's cache.
    private static let blockSize = 128 << 10
    /// As long as a document in a file of its own may be.
    private static let lineLimit = 256 << 10

    /// Where the badges go.
    enum Destination: Sendable {
        /// One SVG a line, in the order of the lines.
        case stream(FileDescriptor)
        /// A file for each.
        case directory(FilePath, any FileSystem)
    }

    /// Draws them all, and returns how many they were.
    ///
    /// - Throws: `ReportFailure` at the first line that is no badge; those before it are written.
    func draw(to destination: Destination) async throws -> Int {
        let input = try open()
        // It was read to its end, or an error is on its way already.
        defer { try? input.close() }
        let sheets = (0..<max(processors, 1)).map { _ in BadgeSheet(press) }
        var carry: [UInt8] = []
        var place = (line: 1, count: 0)
        while true {
            let (block, isLast) = try read(input, &carry)
            for sheet in await draw(block, on: sheets, keepsNames: destination.keepsNames) {
                try sheet.withDrawn { drawn in
                    try put(drawn, destination, from: place.line)
                    place.line += drawn.lines
                    place.count += drawn.count
                    if let failure = drawn.failure {
                        throw ReportFailure("\(SafeText.line(name)):\(place.line): no endpoint badge: \(failure)")
                    }
                }
            }
            if isLast { return place.count }
        }
    }

    private func open() throws -> FileDescriptor {
        do {
            return try FileDescriptor.open(file, .readOnly, options: .closeOnExec)
        } catch {
            throw ReportFailure("\(SafeText.line(name)): cannot read it: \(error as? Errno ?? .ioError)")
        }
    }

    /// Whole lines; what follows the last line feed is carried over.
    private func read(_ input: FileDescriptor, _ carry: inout [UInt8]) throws -> (block: [UInt8], isLast: Bool) {
        var block = carry
        carry = []
        while true {
            let before = block.count
            let got = try Self.more(of: input, &block)
            if got == 0 { return (block, true) }
            guard let end = block[before...].lastIndex(of: UInt8(ascii: "\n")) else {
                guard block.count <= Self.lineLimit + Self.blockSize else {
                    throw ReportFailure("\(SafeText.line(name)): a line is longer than \(Self.lineLimit >> 10) KiB")
                }
                continue
            }
            carry = Array(block[(end + 1)...])
            block.removeSubrange((end + 1)...)
            return (block, false)
        }
    }

    private static func more(of input: FileDescriptor, _ block: inout [UInt8]) throws -> Int {
        let piece = try [UInt8](unsafeUninitializedCapacity: blockSize) { buffer, count in
            count = try input.read(into: UnsafeMutableRawBufferPointer(buffer))
        }
        block += piece
        return piece.count
    }

    private func draw(_ block: [UInt8], on sheets: [BadgeSheet], keepsNames: Bool) async -> ArraySlice<BadgeSheet> {
        let ranges = Self.shares(of: block, sheets.count)
        let used = sheets.prefix(ranges.count)
        guard ranges.count > 1 else {
            for (sheet, range) in zip(used, ranges) { sheet.draw(block, range, keepsNames: keepsNames) }
            return used
        }
        await withDiscardingTaskGroup { group in
            for (sheet, range) in zip(used, ranges) {
                group.addTask { sheet.draw(block, range, keepsNames: keepsNames) }
            }
        }
        return used
    }

    /// About equal parts of whole lines.
    private static func shares(of block: [UInt8], _ count: Int) -> [Range<Int>] {
        var ranges: [Range<Int>] = []
        var start = 0
        for share in 1...max(count, 1) where start < block.count {
            let goal = max(start, block.count * share / max(count, 1))
            let end = block[goal...].firstIndex(of: UInt8(ascii: "\n")).map { $0 + 1 } ?? block.count
            ranges.append(start..<end)
            start = end
        }
        return ranges
    }

    private func put(_ drawn: borrowing BadgeSheet.Drawn, _ destination: Destination, from firstLine: Int) throws {
        try drawn.writer.withBytes { svg in
            switch destination {
            case .stream(let output): try output.writeAll(svg)
            case .directory(let directory, let files):
                var start = 0
                for print in drawn.prints {
                    let name = try fileName(print.file, firstLine + print.line)
                    try files.write(Array(svg[start..<print.end]), to: directory.appending(name))
                    start = print.end
                }
            }
        }
    }

    private func fileName(_ given: String?, _ line: Int) throws -> String {
        guard let given else { return "\(line).svg" }
        let isPlain = given.utf8.allSatisfy {
            $0 > 0x20 && $0 < 0x7F && $0 != UInt8(ascii: "/") && $0 != UInt8(ascii: "\\")
        }
        guard isPlain, !given.isEmpty, !given.hasPrefix("."), given.utf8.count <= 200 else {
            throw ReportFailure(
                "\(SafeText.line(name)):\(line): \"\(SafeText.line(given, limit: 100))\" is no plain name for a file")
        }
        return given
    }
}

extension BadgeBatch.Destination {
    fileprivate var keepsNames: Bool {
        if case .directory = self { return true }
        return false
    }
}
