package import CICore
import Mustache

/// Results in a house format: a Mustache template, rendered with a context of plain values.
///
/// A template can neither run code nor read files. What comes from a test is bounded and without control characters before
/// it gets there, and `{{name}}` escapes it for the template's kind.
package struct TemplateReport: Sendable {
    private let template: MustacheTemplate
    private let name: String

    /// Bytes of a template, and of what it makes.
    package static let templateLimit = 256 << 10
    private static let outputLimit = 16 << 20
    /// Sections within sections.
    private static let depth = 50

    /// Why a template is none, or why it cannot be rendered: one line with its name and the line in it.
    package struct Failure: Error, Sendable, Hashable, CustomStringConvertible {
        package var description: String
    }

    /// - Parameters:
    ///   - text: of the template.
    ///   - name: of its file; its ending says what is escaped: `.html`, `.xml`, `.md`, `.json`, else nothing is.
    /// - Throws: `Failure`.
    package init(_ text: String, name: String) throws(Failure) {
        let shown = SafeText.line(name, limit: 200)
        self.name = shown
        guard text.utf8.count <= Self.templateLimit else {
            throw Failure(description: "\(shown) is no template: it is larger than \(Self.templateLimit >> 10) KiB")
        }
        if let line = Self.tooDeep(text) {
            throw Failure(description: "\(shown):\(line): sections are nested deeper than \(Self.depth)")
        }
        TemplateKind.registerAll()
        do {
            // On a line of its own, which is no line of the output.
            let kind = TemplateKind(fileName: name).rawValue
            template = try MustacheTemplate(string: "{{% CONTENT_TYPE: \(kind)}}\n\(text)")
        } catch let error as MustacheTemplate.ParserError {
            let line = max(1, error.context.lineNumber - 1)
            let near = SafeText.line(error.context.line, limit: 80)
            throw Failure(
                description: "\(shown):\(line): \(Self.words(for: error.error))" + (near.isEmpty ? "" : ": \(near)"))
        } catch {
            throw Failure(description: "\(shown): \(SafeText.line("\(error)"))")
        }
    }

    /// Renders it.
    ///
    /// - Throws: `Failure` if that is more than anybody wants to read.
    package func text(
        of results: RunResults, facts: ReportFacts, settings: ReportSettings = ReportSettings()
    ) throws(Failure) -> String {
        let text = template.render(TemplateContext(results, facts: facts, settings: settings).values)
        guard text.utf8.count <= Self.outputLimit else {
            throw Failure(
                description: "\(name) makes more than \(Self.outputLimit >> 20) MiB of these results: show less")
        }
        return text
    }

    private static func words(for error: any Error) -> String {
        switch error {
        case MustacheTemplate.Error.sectionCloseNameIncorrect: "this ends another section than the one that is open"
        case MustacheTemplate.Error.unfinishedName: "a tag is not closed or holds what no name may hold"
        case MustacheTemplate.Error.expectedSectionEnd: "a section is not closed by the end of the template"
        case MustacheTemplate.Error.invalidSetDelimiter: "no new delimiters: expected {{=<% %>=}}"
        case MustacheTemplate.Error.invalidConfigVariableSyntax, MustacheTemplate.Error.unrecognisedConfigVariable:
            "expected {{% CONTENT_TYPE: \(TemplateKind.names)}}"
        default: "this cannot be read as Mustache"
        }
    }

    /// The line in which too many sections are open: parser and renderer go down once for each.
    private static func tooDeep(_ text: String) -> Int? {
        var open = 0
        var line = 1
        var before: (UInt8, UInt8) = (0, 0)
        for byte in text.utf8 {
            if byte == UInt8(ascii: "\n") { line += 1 }
            if before == (UInt8(ascii: "{"), UInt8(ascii: "{")) {
                switch byte {
                case UInt8(ascii: "#"), UInt8(ascii: "^"), UInt8(ascii: "$"), UInt8(ascii: "<"): open += 1
                case UInt8(ascii: "/"): open -= 1
                default: break
                }
                if open > depth { return line }
            }
            before = (before.1, byte)
        }
        return nil
    }
}
