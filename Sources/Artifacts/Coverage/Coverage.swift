import CICore
package import SystemPackage

/// How many of a program's lines its tests reach.
package struct Coverage: Sendable, Hashable {
    package var covered: Int
    package var total: Int

    package init(covered: Int, total: Int) {
        self.covered = covered
        self.total = total
    }

    /// 0 to 1; `nil` where there are no lines.
    package var share: Double? { total > 0 ? Double(covered) / Double(total) : nil }

    /// Reads a report of any kind that is known, told apart by its content: Cobertura or JaCoCo XML, LCOV, `llvm-cov export`
    /// JSON, Go's cover profile.
    ///
    /// - Throws: `ReportError` if the file is none of them or names no line.
    package init(reading path: FilePath) throws(ReportError) {
        let head = try FileChunks(path).bytes(limit: 4 << 10)
        let start = head.drop { $0 <= 0x20 || $0 == 0xEF || $0 == 0xBB || $0 == 0xBF }
        let found: Coverage?
        switch start.first {
        case UInt8(ascii: "<"): found = try XMLCoverage.read(path)
        case UInt8(ascii: "{"): found = try LLVMCoverage.read(path)
        default:
            found = start.starts(with: "mode:".utf8) ? try GoCoverage.read(path) : try LCOV.read(path)
        }
        guard let found else {
            throw ReportError(
                code: .notAReport,
                description: "not a coverage report: expected Cobertura, JaCoCo, LCOV, llvm-cov's JSON or Go's profile")
        }
        guard found.total > 0 else { throw ReportError(code: .empty, description: "it names no line of a program") }
        self = found
    }
}

/// Cobertura's and JaCoCo's XML.
private enum XMLCoverage {
    static func read(_ path: FilePath) throws(ReportError) -> Coverage? {
        let limits = ReportLimits()
        let dialect = CoverageDialect()
        let opened = XMLPushParser(limits: limits, wantsText: false) { root in
            root == .coverage || root == .report ? dialect : nil
        }
        guard let parser = opened else { return nil }
        var prolog = XMLProlog(limit: 1 << 20) { name in
            ["coverage", "report"].contains { name.elementsEqual($0.utf8) }
        }
        var held: [UInt8] = []
        var hasRoot = false
        try FileChunks(path).forEach { chunk throws(ReportError) in
            let bytes = UnsafeBufferPointer(chunk)
            guard !hasRoot else { return parser.feed(bytes) }
            held.append(contentsOf: bytes)
            held.withUnsafeBufferPointer { all in
                guard case .root(let at) = prolog.scan(all) else { return }
                hasRoot = true
                parser.feed(all.part(at..<all.count))
            }
        }
        parser.finish()
        return dialect.coverage
    }
}

/// Cobertura says its totals in the root's attributes, JaCoCo in counters right below the root; where Cobertura's are missing,
/// its lines are counted.
private final class CoverageDialect: XMLDialect {
    private var declared: Coverage?
    private var counted = Coverage(covered: 0, total: 0)
    /// A class lists the lines of its methods twice.
    private var methods = 0

    var coverage: Coverage? { declared ?? (counted.total > 0 ? counted : nil) }

    func start(_ element: XMLElement) {
        switch element.name {
        case .coverage:
            guard let valid = element.number(.linesValid), let covered = element.number(.linesCovered) else { return }
            declared = Coverage(covered: covered, total: valid)
        case .counter where element.depth == 2:
            guard let kind = element.value(.type), kind.elementsEqual("LINE".utf8) else { return }
            guard let missed = element.number(.missed), let covered = element.number(.covered) else { return }
            declared = Coverage(covered: covered, total: missed + covered)
        case .methods: methods += 1
        case .line where methods == 0:
            guard let hits = element.number(.hits) else { return }
            counted.total += 1
            if hits > 0 { counted.covered += 1 }
        default: break
        }
    }

    func end(_ name: XMLName, depth: Int) {
        if name == .methods { methods -= 1 }
    }

    func text(_ bytes: UnsafeBufferPointer<UInt8>) {}

    func finish(isComplete: Bool) {}
}

/// `llvm-cov export`: the totals stand beside the files of each entry.
private enum LLVMCoverage {
    /// With the regions of every file such a document is large; what is larger than this is refused.
    private static let limit = 512 << 20

    static func read(_ path: FilePath) throws(ReportError) -> Coverage? {
        let bytes = try FileChunks(path).bytes(limit: limit)
        return bytes.withUnsafeBufferPointer { document in
            guard let members = JSONSlices.members(of: document), let data = members["data"] else { return nil }
            var sum = Coverage(covered: 0, total: 0)
            let isWhole = JSONSlices.forEachElement(of: document.part(data)) { entry in
                guard let totals = JSONSlices.members(of: entry)?["totals"],
                    let lines = JSONValue(entry.part(totals))?["lines"], let total = lines["count"]?.int,
                    let covered = lines["covered"]?.int
                else { return false }
                sum.total += total
                sum.covered += covered
                return true
            }
            return isWhole ? sum : nil
        }
    }
}
