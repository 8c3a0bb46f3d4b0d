import Yams

/// What the user says about the machine.
package struct HardwareSettings: Sendable, Hashable {
    /// A label without a value has an empty one.
    package var labels: [String: String]

    package init(labels: [String: String] = [:]) { self.labels = labels }

    init(_ settings: Settings) { self.init(labels: settings[HardwareKeys.labels] ?? [:]) }
}

/// The keys of `hardware:`.
enum HardwareKeys {
    static let labels = Key<[String: String]>(
        "labels", .labels, default: [:],
        """
        What requirements may ask for by name: texts such as `fast-disk` and `zone=eu`, or a mapping. `--node-label` is \
        for what only one machine has.
        """)

    static let section = Section(name: "hardware", keys: [labels])
}

extension Shape where Value == [String: String] {
    /// Labels as a mapping, or as texts with or without `=`.
    static let labels = Shape(
        "texts such as fast-disk or zone=eu, or a mapping", type: .either([.text(), .list(.text()), .textMap]),
        show: { .map($0) },
        read: { node, reading in
            var labels: [String: String] = [:]
            switch node {
            case .mapping(let pairs):
                for (key, value) in pairs {
                    let text = value.isNothing ? "" : value.scalarText
                    guard let name = key.scalarText, let text, HardwareLabel.isName(name) else {
                        reading.report(
                            key.position, "a label that cannot be asked for", expected: HardwareLabel.expectation)
                        continue
                    }
                    labels[name] = text
                }
            case .sequence, .scalar, .alias:
                for text in Shape<[String]>.texts.read(node, &reading) ?? [] {
                    guard let (name, value) = HardwareLabel.parse(text) else {
                        return reading.refuse(node, expected: HardwareLabel.expectation)
                    }
                    labels[name] = value
                }
            }
            return labels
        })
}

/// Labels as people write them.
package enum HardwareLabel {
    static let expectation = "a name of at most 100 letters, digits and ._-/ with or without =VALUE"

    /// `zone=eu`, or a name alone.
    package static func parse(_ text: String) -> (name: String, value: String)? {
        let parts = text.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
        guard let name = parts.first, isName(name), text.utf8.count <= 400 else { return nil }
        return (String(name), parts.count > 1 ? String(parts[1]) : "")
    }

    static func isName(_ text: some StringProtocol) -> Bool {
        let isPlain = text.unicodeScalars.allSatisfy {
            RequirementScanner.isWordScalar($0) && !"*?".unicodeScalars.contains($0)
        }
        return !text.isEmpty && text.count <= 100 && isPlain
    }
}

extension Shape where Value == Requirement? {
    /// A requirement, or several that all hold.
    static let requirement = Shape(
        "a requirement such as \"gpu>=1, vram>=16GB\"", type: .either([.text(), .list(.text())]),
        show: { .text($0?.description ?? "none") },
        read: { node, reading in
            guard let texts = Shape<[String]>.texts.read(node, &reading) else { return nil }
            var parts: [Requirement] = []
            for text in texts {
                do throws(RequirementError) {
                    parts.append(try Requirement(text))
                } catch {
                    reading.report(
                        node.position, "\"\(YAMLDocument.excerpt(text))\" \(error.place): \(error.problem)",
                        expected: error.expected, nearest: error.nearest)
                    return nil
                }
            }
            return .some(Requirement(all: parts))
        })
}
