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

    private static let blockSize = 512 << 10
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
        var carry: [UInt8] = []
        var place = (line: 1, count: 0)
        while true {
            let (block, isLast) = try read(input, &carry)
            for sheet in await sheets(of: block, keepsNames: destination.keepsNames) {
                try put(sheet, destination, from: place.line)
                place.line += sheet.lines
                place.count += sheet.count
                if let failure = sheet.failure {
                    throw ReportFailure("\(SafeText.line(name)):\(place.line): no endpoint badge: \(failure)")
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

    /// Drawn lines that follow each other.
    private struct Sheet: Sendable {
        var svg: [UInt8] = []
        /// Where each badge ends in `svg`, its line and the name it gives itself; empty for a stream.
        var prints: [(end: Int, line: Int, file: String?)] = []
        /// Lines that were gone through, without the one that failed.
        var lines = 0
        var count = 0
        var failure: BadgeEndpointError?
    }

    private func sheets(of block: [UInt8], keepsNames: Bool) async -> [Sheet] {
        let ranges = Self.shares(of: block, processors)
        guard ranges.count > 1 else { return ranges.map { sheet(of: block, $0, keepsNames: keepsNames) } }
        return await withTaskGroup(of: (Int, Sheet).self) { group in
            for (index, range) in ranges.enumerated() {
                group.addTask { (index, sheet(of: block, range, keepsNames: keepsNames)) }
            }
            var sheets = [Sheet](repeating: Sheet(), count: ranges.count)
            for await (index, sheet) in group { sheets[index] = sheet }
            return sheets
        }
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

    private func sheet(of block: [UInt8], _ range: Range<Int>, keepsNames: Bool) -> Sheet {
        var press = press
        var writer = BadgeWriter(capacity: range.count * 16)
        var sheet = Sheet()
        block.withUnsafeBufferPointer { bytes in
            var start = range.lowerBound
            while start < range.upperBound {
                let end = Self.endOfLine(in: bytes, from: start, to: range.upperBound)
                let line = UnsafeBufferPointer(rebasing: bytes[start..<end])
                start = end + 1
                guard !line.allSatisfy({ $0 == 0x20 || $0 == 0x0D || $0 == 0x09 }) else {
                    sheet.lines += 1
                    continue
                }
                do throws(BadgeEndpointError) {
                    let print = try press.draw(line, to: &writer)
                    if keepsNames { sheet.prints.append((writer.count, sheet.lines, print.file)) }
                    sheet.lines += 1
                    sheet.count += 1
                } catch {
                    sheet.failure = error
                    return
                }
            }
        }
        sheet.svg = writer.withBytes { Array($0) }
        return sheet
    }

    private static func endOfLine(in bytes: UnsafeBufferPointer<UInt8>, from start: Int, to limit: Int) -> Int {
        var end = start
        while end < limit, bytes[end] != UInt8(ascii: "\n") { end += 1 }
        return end
    }

    private func put(_ sheet: Sheet, _ destination: Destination, from firstLine: Int) throws {
        switch destination {
        case .stream(let output): try output.writeAll(sheet.svg)
        case .directory(let directory, let files):
            var start = 0
            for print in sheet.prints {
                let line = firstLine + print.line
                try files.write(
                    Array(sheet.svg[start..<print.end]), to: directory.appending(try fileName(print.file, line)))
                start = print.end
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
