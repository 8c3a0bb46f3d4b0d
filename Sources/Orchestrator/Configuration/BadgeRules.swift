import CICore
import Yams

/// What no key of a badge can see alone.
enum BadgeRules {
    /// Reports badges that say nothing, need more, or would overwrite each other.
    static func check(_ settings: Settings, _ reading: inout Reading) {
        var names: Set<String> = []
        for badge in settings[BadgeKeys.badges] ?? [] {
            let at = { (name: String) in badge.origin(of: name).position ?? badge.position }
            checkWords(badge, at, &reading)
            if let width = badge[BadgeEntryKeys.logoWidth] ?? nil, width > 1000 {
                reading.report(at("logo-width"), "found \(width)", expected: "at most 1000 pixels")
            }
            let name = BadgeWish.fileName(of: badge)
            if !names.insert(name.lowercased()).inserted {
                reading.report(
                    at("file"), "a second badge is called \"\(YAMLDocument.excerpt(name))\"",
                    expected: "another \"file:\"")
            }
        }
    }

    private static func checkWords(
        _ badge: Settings, _ at: (String) -> ConfigurationError.Position?, _ reading: inout Reading
    ) {
        let hasReport = badge[BadgeEntryKeys.coverage] ?? nil != nil
        switch badge[BadgeEntryKeys.fact] ?? nil {
        case nil where (badge[BadgeEntryKeys.message] ?? nil) ?? "" == "":
            reading.report(
                badge.position, "a badge that says nothing",
                expected: "\"fact:\" with one of \(BadgeFact.allCases.map(\.rawValue).joined(separator: ", ")), or "
                    + "\"message:\"")
        case .coverage where !hasReport && badge[BadgeEntryKeys.message] ?? nil == nil:
            reading.report(at("fact"), "a coverage badge without its report", expected: "\"coverage:\" with a file")
        case let fact where hasReport && fact != .coverage:
            reading.report(at("coverage"), "a report that no fact reads", expected: "\"fact: coverage\"")
        default: break
        }
    }
}

extension Shape {
    /// One of an enumeration's words, or a word for "nothing".
    static func word<Word: RawRepresentable & CaseIterable & Sendable>(
        of type: Word.Type, or none: String
    ) -> Shape<Word?> where Value == Word?, Word.RawValue == String {
        let words = Word.allCases.map(\.rawValue) + [none]
        return Shape(
            words.joined(separator: ", "), type: .word(words),
            parse: { text in text == none ? .some(nil) : Word(rawValue: text).map(Optional.some) },
            show: { $0?.rawValue ?? none })
    }
}

extension Shape where Value == String? {
    /// Any text, also none, or a word for "not fixed".
    static func words(or word: String) -> Self {
        Shape("text, or \(word)", type: .text(), parse: { .some($0 == word ? nil : $0) }, show: { $0 ?? word })
    }

    /// A colour as shields.io or CSS names it, or a word for "not fixed".
    static func color(or word: String) -> Self {
        Shape(
            "a name such as brightgreen, digits such as 4c1, or \(word)", type: .text(),
            parse: { text in
                if text == word { return .some(nil) }
                return BadgeColor(text) == nil ? nil : .some(text)
            }, show: { $0 ?? word })
    }

    /// The plain name of a picture or a document.
    static let badgeFile = Shape(
        "a name of letters, digits, dots, - and _ that ends in .svg or .json, or auto",
        type: .text(pattern: "^(auto|[A-Za-z0-9_][A-Za-z0-9._-]{0,99}\\.(svg|json))$"),
        parse: { text in
            if text == "auto" { return .some(nil) }
            let isPlain = text.utf8.allSatisfy { byte in
                byte < 0x80 && (Character(Unicode.Scalar(byte)).isLetter || Character(Unicode.Scalar(byte)).isNumber)
                    || "._-".utf8.contains(byte)
            }
            let isNamed = [".svg", ".json"].contains { text.hasSuffix($0) && text.count > $0.count }
            guard isPlain, isNamed, text.utf8.count <= 105, !".-".contains(text.first ?? ".") else { return nil }
            return .some(text)
        }, show: { $0 ?? "auto" })
}

extension Shape where Value == [BadgeLink] {
    /// One address or two.
    static let links = Shape(
        "one or two addresses that begin with https:// or http://", type: .either([.text(), .list(.text())]),
        show: { .list($0.map { String(decoding: $0.utf8, as: UTF8.self) }) },
        read: { node, reading in
            let expected = "one or two addresses that begin with https:// or http://"
            let nodes = node.sequence.map { Array($0) } ?? [node]
            guard nodes.count <= 2 else { return reading.refuse(node, expected: expected) }
            var links: [BadgeLink] = []
            for node in nodes {
                guard let link = node.scalarText.flatMap(BadgeLink.init) else {
                    return reading.refuse(node, expected: expected)
                }
                links.append(link)
            }
            return links
        })
}
