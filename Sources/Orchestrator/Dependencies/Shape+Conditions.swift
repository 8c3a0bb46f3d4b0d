import Yams

extension Shape where Value == [String] {
    /// One thing to wait for or a list of them.
    static let references = Shape(
        "suites, group:NAME, tag:NAME or suite::pattern", type: .either([.text(), .list(.text())]),
        show: ShownValue.list
    ) { node, reading in Shape<[String]>.texts.read(node, &reading) }
}

extension Shape where Value == [String: Int] {
    /// Names with how many of each.
    static let counts = Shape(
        "a mapping of names to whole numbers above zero", type: .mapping(.integer(minimum: 1)),
        show: { .map($0.mapValues(String.init)) }, read: Self.readCounts)

    /// Names with how many of each; a bare name means one.
    static let claims = Shape(
        "a name, a list of names, or a mapping of names to whole numbers above zero",
        type: .either([.text(), .list(.text()), .mapping(.integer(minimum: 1))]),
        show: { .map($0.mapValues(String.init)) },
        read: { node, reading in
            if case .mapping = node { return readCounts(node, &reading) }
            return Shape<[String]>.texts.read(node, &reading).map { names in
                Dictionary(names.map { ($0, 1) }) { first, _ in first }
            }
        })

    private static func readCounts(_ node: Node, _ reading: inout Reading) -> [String: Int]? {
        guard case .mapping(let pairs) = node else {
            return reading.refuse(node, expected: "a mapping of names to whole numbers above zero")
        }
        var counts: [String: Int] = [:]
        for (key, value) in pairs {
            guard let name = Shape<String>.text.read(key, &reading) else { continue }
            // A name without a number is the usual one.
            guard !value.isNothing else {
                counts[name] = 1
                continue
            }
            counts[name] = Shape<Int>.integer("a whole number above zero", in: 1...1_000_000).read(value, &reading)
        }
        return counts
    }
}

extension Shape where Value == [String: [String]] {
    /// Names with what each stands for.
    static let groups = Shape(
        "a mapping of names to suites, tag:NAME or suite::pattern",
        type: .mapping(.either([.text(), .list(.text())])),
        show: { .map($0.mapValues { $0.joined(separator: " ") }) },
        read: { node, reading in
            guard case .mapping(let pairs) = node else {
                return reading.refuse(node, expected: "a mapping of names to suites, tag:NAME or suite::pattern")
            }
            var groups: [String: [String]] = [:]
            for (key, value) in pairs {
                guard let name = Shape<String>.text.read(key, &reading) else { continue }
                groups[name] = Shape<[String]>.texts.read(value, &reading)
            }
            return groups
        })
}
