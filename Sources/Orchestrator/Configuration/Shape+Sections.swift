import Yams

extension Shape where Value == Settings {
    /// A mapping with the keys of a section.
    static func section(_ section: Section) -> Self {
        Shape("a mapping", type: .section(section.name), show: { _ in .text("") }) { node, reading in
            Settings(reading: node, as: section, &reading)
        }
    }
}

extension Shape where Value == [Settings] {
    /// A list of mappings with the keys of a section.
    static func sections(of section: Section) -> Self {
        Shape("a list of mappings", type: .list(.section(section.name)), show: { _ in .text("") }) { node, reading in
            guard case .sequence(let items) = node else { return reading.refuse(node, expected: "a list of mappings") }
            guard items.count <= 10_000 else { return reading.refuse(node, expected: "at most 10000 entries") }
            return items.compactMap { Settings(reading: $0, as: section, &reading) }
        }
    }
}

extension Shape where Value == CalendarDay {
    /// `2026-03-31`.
    static let day = Shape(
        "a day such as 2026-03-31", type: .text(pattern: "^[0-9]{4}-[0-9]{2}-[0-9]{2}$"), parse: { CalendarDay($0) },
        show: \.description)
}

extension Settings {
    /// Reads a mapping, reporting every unknown, unreadable and missing key; `nil` if it is no mapping at all.
    init?(reading node: Node, as section: Section, _ reading: inout Reading) {
        guard case .mapping(let pairs) = node else {
            let _: Never? = reading.refuse(node, expected: "a mapping with \(section.wordsForKeys)")
            return nil
        }
        self.init(section, position: node.position)
        var seen: Set<String> = []
        for (keyNode, value) in pairs {
            guard let key = section.key(at: keyNode, &reading) else { continue }
            seen.insert(key.name)
            guard !value.isNothing else { continue }
            let position = value.position ?? keyNode.position ?? .init(line: 1, column: 1)
            set(key, from: value, origin: .file(reading.source, position), &reading)
        }
        for key in section.keys where key.isRequired && !seen.contains(key.name) {
            reading.report(node.position, "\"\(key.name)\" is missing", expected: key.expectation)
        }
        for (keyNode, value) in pairs where value.isNothing {
            guard let key = section.keys.first(where: { $0.name == keyNode.scalarText }), key.isRequired else {
                continue
            }
            reading.report(keyNode.position, "\"\(key.name)\" has no value", expected: key.expectation)
        }
    }
}

extension Section {
    /// The key that a node names; reports it otherwise.
    fileprivate func key(at node: Node, _ reading: inout Reading) -> (any AnyKey)? {
        guard let name = node.scalarText else {
            reading.report(node.position, "a key that is no plain word", expected: wordsForKeys)
            return nil
        }
        if let key = keys.first(where: { $0.name == name }) { return key }
        let nearest = NearestMatch.of(name, in: keys.map(\.name))
        let home = ConfigurationSchema.sections.first { other in
            other.name != self.name && other.keys.contains { $0.name == name }
        }
        let shown = "unknown key \"\(YAMLDocument.excerpt(name))\" in \(self.name)"
        let expected = nearest != nil ? nil : home.map { "it in \($0.name)" } ?? wordsForKeys
        reading.report(node.position, shown, expected: expected, nearest: nearest)
        return nil
    }

    /// For "expected …": every key there is.
    fileprivate var wordsForKeys: String { keys.map(\.name).joined(separator: ", ") }
}

/// The mappings of the configuration files, each with its keys.
package enum ConfigurationSchema {
    /// Those of `dt-ci.yml`, the outermost first.
    package static let sections = [
        RootKeys.section, SuiteKeys.section, RuleKeys.section, RunKeys.section, FanOutKeys.section,
        NodeClassKeys.section, HardwareKeys.section, ReportKeys.section, PublishKeys.all, BadgeKeys.section,
        BadgeEntryKeys.section, ForgeKeys.section, ArtifactKeys.section, ArtifactCollectionKeys.section,
    ]
}
