import ArgumentParser
import Artifacts
import CICore
import CIProviders
import Orchestrator
import Reporting
import SystemPackage

/// `dt-ci report`: renders report files of any kind.
struct ReportCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "report",
        abstract: "Render test reports: JUnit XML, NUnit, xUnit.net, TRX, TAP, go test -json, Swift, results.json.",
        discussion: """
            Files of any of these kinds, directories and globs, with or without `dt-ci run`. What is wrong with a \
            file is a warning on standard error and never hides the others. The exit code is 0 once something was \
            rendered, 2 if a file that was named is missing or nothing could be read.

              dt-ci report build/test-results
              dt-ci report 'target/**/TEST-*.xml' --format junit --output junit.xml
              dt-ci report big.xml --summary
              dt-ci report junit.xml --html single --output report.html
              dt-ci report .dt-ci --format markdown --dialect gitlab --sections verdict,new-failures,flaky
              dt-ci report .dt-ci --template house.md --output house-report.md
            """)

    @Argument(help: "Report files, directories and globs.")
    var files: [String]

    @Option(help: "How to render: \(Rendering.allCases.map(\.rawValue).joined(separator: ", ")).")
    var format = Rendering.console

    @Option(
        help: """
            Make a page instead: single = one file that works offline; split = a directory without inline style or \
            script, for a strict Content-Security-Policy such as Jenkins'. Needs --output.
            """)
    var html: HTMLReport.Form?

    @Option(help: "Whose Markdown: \(Dialect.allCases.map(\.rawValue).joined(separator: ", ")).")
    var dialect = Dialect.github

    @Option(
        help: "Render this Mustache template instead.",
        completion: .file(extensions: ["mustache", "md", "html", "txt"]))
    var template: String?

    @Option(help: "What a page, Markdown or a template calls the results.")
    var title = "Tests"

    @OptionGroup(title: "What is shown") var choice: ReportChoice

    @Flag(help: "Only the totals: memory stays flat whatever the size of the reports.")
    var summary = false

    @Option(name: .shortAndLong, help: "Write to this file, in one step, instead of standard output.")
    var output: String?

    @Option(help: "Take every file for this format: \(ReportFormat.all.map(\.rawValue).joined(separator: ", ")).")
    var inputFormat: ReportFormat?

    @Flag(help: "Exit with 1 if a test failed that is not quarantined.")
    var failOnFailures = false

    /// What `--format` takes.
    enum Rendering: String, CaseIterable, ExpressibleByArgument {
        case console, markdown, json, junit
    }

    /// What `--dialect` takes; a report is as long as a comment may be there.
    enum Dialect: String, CaseIterable, ExpressibleByArgument {
        case github, gitlab, azure, bitbucket

        /// A forge that speaks it.
        fileprivate var forge: Forge? { Forges.all.first { $0.dialect.id == rawValue } }
    }

    func validate() throws {
        if html != nil, output == nil {
            throw ValidationError("--html needs --output: a file, or for split a directory")
        }
        if template != nil, html != nil || format != .console {
            throw ValidationError("--template is a rendering of its own: leave --html and --format out")
        }
        if choice.isGiven, html == nil, template == nil, format == .json || format == .junit {
            throw ValidationError("--sections and --max-failures are for reports that people read: not for \(format)")
        }
        if summary, template != nil {
            throw ValidationError("--summary leaves the single tests out: a template names them")
        }
        if summary, html != nil { throw ValidationError("--summary leaves the single tests out: a page shows them") }
        if summary, format == .junit {
            throw ValidationError("--summary leaves the single tests out: JUnit XML is made of them")
        }
    }

    func run() async throws {
        let surroundings = Surroundings.live
        let found = try ReportPaths(files: LocalFileSystem()).find(files)
        let reader = ReportReader(format: inputFormat, temporaryDirectory: surroundings.temporaryDirectory)
        let set = ReportSet(
            reader: reader, keepsTests: !summary, width: ThisMachine(files: surroundings.files).processors.processors)
        var reading = await set.read(found.paths)
        reading.results.warnings = found.missing + reading.results.warnings
        for warning in reading.results.warnings {
            FileDescriptor.standardError.say("warning: \(SafeText.line(warning))\n")
        }
        guard !reading.results.files.isEmpty || reading.results.totals.tests > 0 || reading.refused.isEmpty,
            !found.paths.isEmpty
        else {
            throw ReportFailure("no report could be read")
        }
        try render(reading.results, isColored: surroundings.isOutputColored && output == nil)
        if !found.missing.isEmpty || reading.refused.contains(where: { $0.error.code == .unreadable }) {
            throw ArgumentParser.ExitCode(CICore.ExitCode.usage.rawValue)
        }
        if failOnFailures, hasFailures(reading.results) {
            throw ArgumentParser.ExitCode(CICore.ExitCode.testsFailed.rawValue)
        }
    }

    private func hasFailures(_ results: RunResults) -> Bool {
        let excused = results.failures.count { results.isQuarantined($0.id) }
        return results.totals.failed + results.totals.errored > excused
    }

    private func render(_ results: RunResults, isColored: Bool) throws {
        if let html, let output {
            let report = HTMLReport(results, facts: .init(title: title), settings: choice.settings, form: html)
            return try HTMLPages(report).write(to: FilePath(output))
        }
        guard let output else {
            return try write(results, isColored: isColored) { try FileDescriptor.standardOutput.writeAll($0) }
        }
        var file = try AtomicFile(FilePath(output))
        try write(results, isColored: isColored) { try file.append($0) }
        try file.commit()
    }

    private func write(
        _ results: RunResults, isColored: Bool, to piece: ([UInt8]) throws -> Void
    ) throws {
        if let template { return try piece(Array(rendered(template, results).utf8)) }
        switch format {
        case .console:
            var shown = results
            // They are on standard error already, where both streams end up in one log.
            if output == nil { shown.warnings = [] }
            try piece(Array(ConsoleReport(shown, settings: choice.settings, isColored: isColored).text.utf8))
        case .markdown:
            try piece(Array(markdown(results).utf8))
        case .json:
            try ResultsV1.write(results, piece)
        case .junit:
            try JUnitWriter(results).write(piece)
        }
    }
}

extension ReportCommand {
    private func markdown(_ results: RunResults) throws -> String {
        guard let forge = dialect.forge else { throw ReportFailure("no forge speaks \(dialect)") }
        let report = MarkdownReport(
            results, facts: .init(title: title), settings: choice.settings, dialect: forge.dialect)
        return report.document(
            within: TextBudget(scalars: forge.limits.commentScalars, bytes: forge.limits.commentBytes))
    }

    private func rendered(_ template: String, _ results: RunResults) throws -> String {
        do {
            let bytes = try LocalFileSystem().contents(of: FilePath(template), limit: TemplateReport.templateLimit + 1)
            return try TemplateReport(String(decoding: bytes, as: UTF8.self), name: template)
                .text(of: results, facts: .init(title: title), settings: choice.settings)
        } catch {
            throw ReportFailure("\(error)")
        }
    }
}

/// Why nothing was rendered: a matter of usage.
struct ReportFailure: Error, CustomStringConvertible {
    let description: String

    init(_ description: String) { self.description = description }
}

extension HTMLReport.Form: ExpressibleByArgument {}

extension ReportFormat: ExpressibleByArgument {
    public init?(argument: String) { self.init(rawValue: argument) }
}
