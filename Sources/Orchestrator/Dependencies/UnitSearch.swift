import CICore

/// Finds units by name over all suites; numbers count through all suites' listings.
struct UnitSearch {
    private let sources: [DependencyResolver.Source]
    private let offsets: [Int32]
    private let places: [SuiteName: Int]
    /// By selector, container and test, for each suite that was asked for a plain name.
    private var names: [Int: [String: [Int32]]] = [:]

    init(_ sources: [DependencyResolver.Source]) {
        self.sources = sources
        var next: Int32 = 0
        offsets = sources.map { source in
            defer { next += Int32(source.units.count) }
            return next
        }
        places = Dictionary(sources.enumerated().map { ($1.name, $0) }) { first, _ in first }
    }

    func place(of suite: SuiteName) -> Int? { places[suite] }

    /// All units of a suite.
    func all(of index: Int) -> Range<Int32> {
        offsets[index]..<(offsets[index] + Int32(sources[index].units.count))
    }

    /// What a pattern means in a suite.
    mutating func matching(_ pattern: TestPattern, in index: Int) -> [Int32] {
        let text = pattern.description
        let isPlain = !text.utf8.contains { $0 == UInt8(ascii: "*") || $0 == UInt8(ascii: "?") }
        if isPlain { return called(text, in: index) }
        return sources[index].units.indices.filter { pattern.means(sources[index].units[$0]) }
            .map { offsets[index] + Int32($0) }
    }

    /// What is called just so, lies in what is called so, or holds a test that is.
    mutating func called(_ name: String, in index: Int) -> [Int32] {
        if names[index] == nil {
            var table: [String: [Int32]] = [:]
            for (position, unit) in sources[index].units.enumerated() {
                let number = offsets[index] + Int32(position)
                table[unit.selector, default: []].append(number)
                if unit.container != unit.selector { table[unit.container, default: []].append(number) }
                for test in unit.tests ?? [] where test != unit.selector { table[test, default: []].append(number) }
            }
            names[index] = table
        }
        return names[index]?[name] ?? []
    }

    /// What a rule is about.
    func taken(by selection: TestRule.Selection, in index: Int) -> [Int32] {
        sources[index].units.indices.filter { selection.takes(sources[index].units[$0]) }
            .map { offsets[index] + Int32($0) }
    }

    /// Units of any suite with a marker or label.
    func tagged(_ tag: String) -> [Int32] {
        sources.indices.flatMap { index in
            sources[index].units.indices.filter { sources[index].units[$0].constraints.labels.contains(tag) }
                .map { offsets[index] + Int32($0) }
        }
    }

    /// The selector that is most like a pattern; of a large suite only the first ones are looked at.
    func nearest(to pattern: TestPattern, in index: Int) -> String? {
        NearestMatch.of(pattern.description, in: sources[index].units.lazy.prefix(5000).map(\.selector))
    }
}
