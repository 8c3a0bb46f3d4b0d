import CICore

/// Makes units of collected tests and ties together what shares a fixture.
struct PytestBonds {
    private let items: [PytestItem]
    /// Union-find over keys such as `m:tests/test_a.py:db`, `c:tests/test_a.py::TestX` and `g:name`.
    private var parents: [String: String] = [:]

    /// Further keys of tests that come before or after others, by selector.
    private var ties: [String: [String]] = [:]
    /// The tests that others come after.
    private var bySelector: [String: PytestItem] = [:]

    init(_ items: [PytestItem]) {
        self.items = items
        for item in items { tie(item) }
        for item in items where ties[item.selector] != nil { bySelector[item.selector] = item }
        for item in items {
            let keys = keys(of: item)
            for key in keys.dropFirst() { join(keys[0], key) }
        }
    }

    /// Units of one granularity, in the order of the collection.
    func units(_ granularity: Granularity, of suite: SuiteName) -> [TestUnit] {
        var order: [String] = []
        var members: [String: [PytestItem]] = [:]
        for item in items {
            let selector = Self.selector(of: item, granularity)
            if members[selector] == nil { order.append(selector) }
            members[selector, default: []].append(item)
        }
        return order.map { selector in unit(selector, granularity, members[selector] ?? [], suite) }
    }

    private func unit(
        _ selector: String, _ granularity: Granularity, _ members: [PytestItem], _ suite: SuiteName
    ) -> TestUnit {
        let marks = Set(members.flatMap(\.marks))
        let bonds = Set(members.compactMap { keys(of: $0).first }.map(root))
        let after = members.flatMap(\.order.after).compactMap { first in
            bySelector[first].map { Self.selector(of: $0, granularity) }
        }
        // A file is whole anyway: only what ties it to other files matters.
        let bond = granularity == .file ? bonds.filter { $0.hasPrefix("g:") }.min() : bonds.min()
        return TestUnit(
            suite: suite, selector: selector, granularity: granularity, container: PytestSelector(selector).file,
            tests: members.map(\.selector),
            constraints: .init(
                bond: bond, isSerial: marks.contains("serial"), labels: marks.sorted(),
                after: bond == nil ? [] : Set(after).subtracting([selector]).sorted()))
    }

    private static func selector(of item: PytestItem, _ granularity: Granularity) -> String {
        switch granularity {
        case .file: PytestSelector(item.selector).file
        case .class: item.outermostClass ?? PytestSelector(item.selector).function
        case .test: item.selector
        }
    }

    /// One process must run both, in their order.
    private mutating func tie(_ item: PytestItem) {
        let file = PytestSelector(item.selector).file
        for first in item.order.after {
            let isHere = PytestSelector(first).file == file
            let key = isHere ? "m:\(file):after \(first)" : "g:after \(first)"
            ties[item.selector, default: []].append(key)
            ties[first, default: []].append(key)
        }
        if item.order.isNumbered { ties[item.selector, default: []].append("m:\(file):order") }
    }

    /// Groups first, so that they name the whole of what they are tied to in every file alike.
    private func keys(of item: PytestItem) -> [String] {
        let file = PytestSelector(item.selector).file
        var keys = item.group.map { ["g:\($0)"] } ?? []
        keys += (ties[item.selector] ?? []).sorted()
        keys += item.moduleFixtures.map { "m:\(file):\($0)" }
        if !item.classFixtures.isEmpty { keys.append("c:\(item.outermostClass ?? file)") }
        return keys
    }

    private func root(_ key: String) -> String {
        var key = key
        while let parent = parents[key] { key = parent }
        return key
    }

    /// The smaller key is the root: `g:` comes before `m:`.
    private mutating func join(_ left: String, _ right: String) {
        let roots = [root(left), root(right)].sorted { rank($0) < rank($1) }
        if roots[0] != roots[1] { parents[roots[1]] = roots[0] }
    }

    private func rank(_ key: String) -> String { (key.hasPrefix("g:") ? "0" : "1") + key }
}
