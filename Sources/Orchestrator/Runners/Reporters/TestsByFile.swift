/// The single tests among a batch's units, by their files: for tools whose filter goes with one file at a time.
struct TestsByFile {
    /// In the order of the units; names without the file in front.
    let files: [(file: String, names: [String])]

    /// The files of all units, each once and in their order.
    static func containers(of units: [TestUnit]) -> [String] {
        var seen: Set<String> = []
        return units.map(\.container).filter { seen.insert($0).inserted }
    }

    /// The separator is what stands between a file and a test's name in a selector.
    init(_ units: [TestUnit], separator: String) {
        var order: [String] = []
        var names: [String: [String]] = [:]
        for unit in units where unit.granularity == .test {
            if names[unit.container] == nil { order.append(unit.container) }
            let name = unit.selector.dropFirst(unit.container.count + separator.count)
            names[unit.container, default: []].append(String(name))
        }
        files = order.map { ($0, names[$0] ?? []) }
    }

    /// The arguments of each start: one for each file, more where its names together are too long for one pattern.
    func runs(_ arguments: (_ file: String, _ names: [String]) -> [String]) -> [[String]] {
        files.flatMap { file, names in
            ArgumentLimit.groups(of: names, limit: Self.patternLimit).map { arguments(file, $0) }
        }
    }

    /// Bytes of the names in one pattern: regular expressions that are much longer get slow.
    private static let patternLimit = 32 << 10
}
