import Artifacts
import CICore
import Orchestrator
import SystemPackage
import TestHistory

/// A file that was read for the history, whichever module knows its format.
struct ImportedFile {
    /// As the user named it.
    let path: String
    let format: String
    let suite: SuiteName
    let tests: [TestRecord]
    /// Sentences that name the file.
    let warnings: [String]

    /// All that `--format` takes.
    static let formats = TimingImporters.all.map(\.id) + ReportFormat.all.map(\.rawValue)

    /// The sum of its tests.
    var duration: Duration { tests.reduce(.zero) { $0 + $1.duration } }

    /// As an object.
    func write(to writer: inout JSONWriter) {
        writer.object { writer in
            writer.member("path", path)
            writer.member("format", format)
            writer.member("suite", suite.rawValue)
            writer.member("tests", tests.count)
            writer.member("seconds", duration)
            writer.key("warnings")
            writer.array(warnings) { $0.value($1) }
        }
    }
}

extension ImportedFile {
    /// Reads files with what the command line says about them.
    struct Reader {
        let project: HistoryProject
        let suite: String?
        let runner: String?
        let format: String?

        private let files = LocalFileSystem()

        init(project: HistoryProject, suite: String?, runner: String?, format: String?) {
            self.project = project
            self.suite = suite
            self.runner = runner
            self.format = format
        }

        /// Reads one file.
        ///
        /// - Throws: `.malformedImport`, which names it.
        func read(_ path: String) throws(HistoryError) -> ImportedFile {
            let head = try contents(of: path, limit: .max, prefix: 64 << 10)
            let importer =
                format.map { format in TimingImporters.all.first { $0.id == format } }
                ?? TimingImporters.recognising(head)
            guard let importer else { return try report(path) }
            let bytes = try contents(of: path, limit: 512 << 20)
            let suite = try suite(of: path, runner: importer.runner)
            let source = ImportSource(name: path, bytes: bytes, root: project.root, files: files)
            return ImportedFile(
                path: path, format: importer.id, suite: suite,
                tests: try importer.read(source).map { $0.record(in: suite) },
                warnings: [])
        }

        private func report(_ path: String) throws(HistoryError) -> ImportedFile {
            var reported: [ReportedTest] = []
            let outline: ReportOutline
            do throws(ReportError) {
                let reader = ReportReader(
                    format: format.flatMap { ReportFormat(rawValue: $0) }, limits: ReportLimits(text: 0))
                outline = try reader.read(FilePath(path)) { reported.append($0) }
            } catch {
                throw Self.malformed(path, "it \(error.description)")
            }
            let runner = outline.format == .goTestJSON ? RunnerID("go") : nil
            let suite = try suite(of: path, runner: runner)
            var namer = TestNamer(configured(suite, runner: runner), root: project.root, files: files)
            return ImportedFile(
                path: path, format: outline.format.rawValue, suite: suite, tests: reported.map { namer.record(of: $0) },
                warnings: outline.warnings.map { "\(path): \($0)" })
        }

        private func suite(of path: String, runner: RunnerID?) throws(HistoryError) -> SuiteName {
            let only = project.suites.count == 1 ? project.suites[0].name.rawValue : nil
            if let name = suite ?? only ?? self.runner ?? runner?.rawValue { return SuiteName(name) }
            throw Self.malformed(path, "its format does not tell which suite it belongs to: give --suite NAME")
        }

        /// The suite as the file has it, else one that runs where the project is.
        private func configured(_ name: SuiteName, runner: RunnerID?) -> Suite {
            if let suite = project.suites.first(where: { $0.name == name }) { return suite }
            let runner = self.runner.map { RunnerID($0) } ?? runner ?? RunnerID(name.rawValue)
            return Suite(name: name, runner: runner, workingDirectory: project.root)
        }

        // A file longer than the limit is refused; with a prefix, so many bytes are enough.
        private func contents(of path: String, limit: Int, prefix: Int = .max) throws(HistoryError) -> [UInt8] {
            do {
                guard prefix < .max else { return try files.contents(of: FilePath(path), limit: limit) }
                let file = try FileDescriptor.open(FilePath(path), .readOnly, options: .closeOnExec)
                return try file.closeAfter {
                    try [UInt8](unsafeUninitializedCapacity: prefix) { buffer, count in
                        count = try file.read(into: UnsafeMutableRawBufferPointer(buffer))
                    }
                }
            } catch let error as FileError {
                throw Self.malformed(path, "cannot be read: \(error.errno)")
            } catch {
                throw Self.malformed(path, "cannot be read: \(error)")
            }
        }

        private static func malformed(_ path: String, _ problem: String) -> HistoryError {
            HistoryError(code: .malformedImport, location: path, description: "\(path): \(problem)")
        }
    }

    /// Names the tests of a report as the suite's runner selects them.
    private struct TestNamer {
        let scope: BatchScope
        let runner: (any TestRunner)?
        private var reader: NameReader
        private let root: FilePath

        init(_ suite: Suite, root: FilePath, files: some FileSystem) {
            runner = TestRunners.runner(suite.runner)
            scope = BatchScope(suite: suite, units: [])
            reader = NameReader(root: root, files: files)
            self.root = root
        }

        mutating func record(of test: ReportedTest) -> TestRecord {
            let names = names(of: test)
            return TestRecord(
                id: TestID(suite: scope.suite.name, selector: names.selector),
                identity: TestIdentity(
                    suite: scope.suite.name, className: test.className, name: test.name, location: test.location),
                container: names.container, attempts: test.attempts)
        }

        private mutating func names(of test: ReportedTest) -> ImportedNames {
            if let address = runner?.address(of: test, in: scope) {
                return ImportedNames(selector: address.identifier, container: address.container)
            }
            let source = ImportSource(name: "", bytes: [], root: root, files: LocalFileSystem())
            return reader.names(
                file: test.location.map { source.relative($0.file) }, className: test.className, name: test.name)
        }
    }
}
