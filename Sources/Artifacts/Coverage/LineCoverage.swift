import CICore
import SystemPackage

/// LCOV's tracefile: a record for each source file, `DA:line,hits` for each line, `LF` and `LH` their counts.
///
/// A file that several test programs reach has several records: its lines are joined.
enum LCOV {
    static func read(_ path: FilePath) throws(ReportError) -> Coverage? {
        var lines = HitLines()
        var counts = Coverage(covered: 0, total: 0)
        var isTracefile = false
        try path.forEachLine { line in
            if line.starts(with: "SF:".utf8) {
                isTracefile = true
                lines.enter(line.dropFirst(3))
            } else if line.starts(with: "DA:".utf8) {
                let fields = line.dropFirst(3).split(separator: UInt8(ascii: ","), maxSplits: 2)
                guard fields.count >= 2, let number = Int(fields[0].decoded) else { return }
                lines.add(number, isHit: fields[1].contains { $0 != UInt8(ascii: "0") } && fields[1].first != 0x2D)
            } else if line.starts(with: "LF:".utf8) {
                counts.total += Int(line.dropFirst(3).decoded) ?? 0
            } else if line.starts(with: "LH:".utf8) {
                counts.covered += Int(line.dropFirst(3).decoded) ?? 0
            }
        }
        guard isTracefile else { return nil }
        return lines.coverage.total > 0 ? lines.coverage : counts
    }
}

/// Go's cover profile: `file.go:line.column,line.column statements count`, one line for each block; what is counted are
/// statements, as `go tool cover -func` does.
enum GoCoverage {
    static func read(_ path: FilePath) throws(ReportError) -> Coverage? {
        var blocks: [[UInt8]: (statements: Int, isHit: Bool)] = [:]
        try path.forEachLine { line in
            let fields = line.split(separator: UInt8(ascii: " "))
            guard fields.count == 3, let statements = Int(fields[1].decoded), let hits = Int(fields[2].decoded) else {
                return
            }
            let block = Array(fields[0])
            blocks[block] = (statements, hits > 0 || blocks[block]?.isHit == true)
        }
        return blocks.values.reduce(into: Coverage(covered: 0, total: 0)) { sum, block in
            sum.total += block.statements
            if block.isHit { sum.covered += block.statements }
        }
    }
}

/// The lines of source files, each once.
private struct HitLines {
    private var files: [[UInt8]: Int] = [:]
    private var hits: [[Int: Bool]] = []
    private var current = 0

    mutating func enter(_ file: some Sequence<UInt8>) {
        let name = Array(file)
        current = files[name] ?? hits.count
        guard current == hits.count else { return }
        files[name] = current
        hits.append([:])
    }

    mutating func add(_ line: Int, isHit: Bool) {
        guard hits.indices.contains(current) else { return }
        hits[current][line, default: false] = isHit || hits[current][line] == true
    }

    var coverage: Coverage {
        hits.reduce(into: Coverage(covered: 0, total: 0)) { sum, lines in
            sum.total += lines.count
            sum.covered += lines.values.count { $0 }
        }
    }
}

extension FilePath {
    fileprivate func forEachLine(_ body: (UnsafeBufferPointer<UInt8>) -> Void) throws(ReportError) {
        var splitter = LineSplitter(limit: 64 << 10)
        try FileChunks(self).forEach { chunk throws(ReportError) in splitter.feed(UnsafeBufferPointer(chunk), body) }
        splitter.finish(body)
    }
}

extension Sequence<UInt8> {
    fileprivate var decoded: String { String(decoding: Array(self), as: UTF8.self) }
}
