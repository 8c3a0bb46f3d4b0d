import CICore
import CIProviders
import Mustache

/// What a template makes, and so how what is put into it is escaped.
enum TemplateKind: String, CaseIterable, Sendable {
    case html = "HTML"
    case markdown = "MARKDOWN"
    case json = "JSON"
    case text = "TEXT"

    /// By the ending, with or without `.mustache` behind it.
    init(fileName: String) {
        var name = fileName.lowercased()
        for ending in [".mustache", ".tmpl", ".template"] where name.hasSuffix(ending) {
            name.removeLast(ending.count)
        }
        switch name.split(separator: ".").last {
        case "html", "htm", "xml", "svg": self = .html
        case "md", "markdown": self = .markdown
        case "json": self = .json
        default: self = .text
        }
    }

    static let names = allCases.map(\.rawValue).joined(separator: ", ")

    /// Makes the kinds known that the library does not have; doing it again changes nothing.
    static func registerAll() {
        MustacheContentTypes.register(MarkdownContent(), named: TemplateKind.markdown.rawValue)
        MustacheContentTypes.register(JSONContent(), named: TemplateKind.json.rawValue)
    }
}

/// Text that shows itself and does nothing else; several lines become a fenced block.
private struct MarkdownContent: MustacheContentType {
    func escapeText(_ text: String) -> String {
        let markdown = MarkdownText(.gitHub)
        return text.utf8.contains(UInt8(ascii: "\n"))
            ? markdown.block(text, limit: .max) : markdown.plain(text, limit: .max)
    }
}

/// What may stand between the quotes of a JSON string.
private struct JSONContent: MustacheContentType {
    func escapeText(_ text: String) -> String {
        var writer = JSONWriter()
        writer.value(text)
        return String(decoding: writer.bytes.dropFirst().dropLast(), as: UTF8.self)
    }
}
