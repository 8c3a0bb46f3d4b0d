package import CICore
package import SystemPackage

/// Reads several report files at a time and makes one set of results of them.
package struct ReportSet: Sendable {
    private let reader: ReportReader
    /// How many files are read at a time.
    private let width: Int
    private let keepsTests: Bool
    private static let resultsLimit = 2 << 30

    /// With `keepsTests` off only totals are made, in memory that doesn't grow with the number of tests.
    package init(reader: ReportReader, keepsTests: Bool, width: Int) {
        self.reader = reader
        self.keepsTests = keepsTests
        self.width = max(1, width)
    }

    /// What came of the files.
    package struct Reading: Sendable {
        package var results: RunResults
        /// Files that gave no results, with the reason; they are named in the warnings too.
        package var refused: [(path: FilePath, error: ReportError)]
    }

    /// Reads them all; what is wrong with one never stops the others.
    package func read(_ paths: [FilePath]) async -> Reading {
        var parts: [Int: Result<Part, ReportError>] = [:]
        await withTaskGroup(of: (Int, Result<Part, ReportError>).self) { group in
            var next = 0
            while next < min(width, paths.count) {
                let index = next
                group.addTask { (index, part(of: paths[index])) }
                next += 1
            }
            for await (index, part) in group {
                parts[index] = part
                guard next < paths.count else { continue }
                let index = next
                group.addTask { (index, self.part(of: paths[index])) }
                next += 1
            }
        }
        return joined(paths, parts)
    }

    /// One file.
    private enum Part: Sendable {
        case tests([ReportedTest], ReportOutline)
        case counts(Totals, ReportOutline)
        case results(RunResults)
    }

    private func part(of path: FilePath) -> Result<Part, ReportError> {
        do throws(ReportError) {
            if let results = try Self.results(path) { return .success(.results(results)) }
            guard keepsTests else {
                let (outline, totals) = try reader.count(path)
                return .success(.counts(totals, outline))
            }
            var tests: [ReportedTest] = []
            let outline = try reader.read(path) { tests.append($0) }
            return .success(.tests(tests, outline))
        } catch {
            return .failure(error)
        }
    }

    /// A `results.json` of our own; `nil` for anything else.
    private static func results(_ path: FilePath) throws(ReportError) -> RunResults? {
        guard path.extension == "json" else { return nil }
        let chunks = FileChunks(path)
        let head = try chunks.bytes(limit: 512)
        guard head.withUnsafeBufferPointer({ ResultsV1.recognises($0) }) else { return nil }
        let bytes = try chunks.bytes(limit: resultsLimit)
        let read = bytes.withUnsafeBufferPointer { bytes in
            do throws(ResultsError) {
                return Result<RunResults, ResultsError>.success(try ResultsV1.read(bytes))
            } catch {
                return .failure(error)
            }
        }
        do throws(ResultsError) {
            return try read.get()
        } catch {
            throw ReportError(code: .notAReport, description: error.description)
        }
    }

    // MARK: - Joining

    private func joined(_ paths: [FilePath], _ parts: [Int: Result<Part, ReportError>]) -> Reading {
        if paths.count == 1, case .success(.results(let results)) = parts[0] {
            return Reading(results: results, refused: [])
        }
        var sum = Sum()
        for (index, path) in paths.enumerated() {
            switch parts[index] {
            case .success(let part): sum.add(part, path.string)
            case .failure(let error): sum.refuse(error, path)
            case nil: break
            }
        }
        return sum.reading
    }

    private struct Sum {
        private var collector = TestCollector()
        private var results = RunResults(tests: [])
        private var refused: [(path: FilePath, error: ReportError)] = []

        mutating func add(_ part: Part, _ path: String) {
            switch part {
            case .tests(let tests, let outline):
                for test in tests { collector.add(test) }
                var totals = collector.endReport()
                totals.add(outline.declared)
                close(path, totals, outline.warnings)
                results.duration += outline.duration
            case .counts(let totals, let outline):
                close(path, totals, outline.warnings)
                results.duration += outline.duration
            case .results(let other):
                for test in other.tests { collector.add(test) }
                close(path, other.totals, other.warnings)
                results.duration += other.duration
            }
        }

        mutating func refuse(_ error: ReportError, _ path: FilePath) {
            refused.append((path, error))
            results.warnings.append("\(path): \(error.description)")
        }

        var reading: Reading {
            var results = results
            results.tests = collector.finish()
            return Reading(results: results, refused: refused)
        }

        private mutating func close(_ path: String, _ totals: Totals, _ warnings: [String]) {
            results.totals.add(totals)
            let warning = warnings.isEmpty ? nil : warnings.joined(separator: "; ")
            results.files.append(RunResults.ReportFile(path: path, totals: totals, warning: warning))
            results.warnings += warnings.map { "\(path): \($0)" }
        }
    }
}
