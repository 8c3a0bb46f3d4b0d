import CICore

/// The answer of `ctest --show-only=json-v1`.
struct CTestListing {
    /// One test with what CMake knows of it.
    struct Test {
        var name: String
        /// `false` where its program was not built.
        var hasCommand: Bool
        var labels: [String] = []
        var cost: Double?
        var isSerial = false
        var resourceGroups: [String] = []
        /// Names that it shares with the tests that must stay beside it: fixtures, locks, other tests.
        var ties: [String] = []
        var order = Order()
    }

    /// What CMake says of the order of tests.
    struct Order {
        var sets: [String] = []
        var cleans: [String] = []
        var needs: [String] = []
        /// Names of tests.
        var after: [String] = []
    }

    private(set) var tests: [Test] = []

    /// `nil` if it is no such answer.
    init?(_ bytes: [UInt8]) {
        guard let json = bytes.withUnsafeBufferPointer({ JSONValue($0) }), json["kind"]?.string == "ctestInfo" else {
            return nil
        }
        tests = (json["tests"]?.array ?? []).compactMap(Self.test)
    }

    private static func test(_ json: JSONValue) -> Test? {
        guard let name = json["name"]?.string else { return nil }
        var test = Test(name: name, hasCommand: json["command"] != nil)
        for property in json["properties"]?.array ?? [] {
            guard let key = property["name"]?.string, let value = property["value"] else { continue }
            take(value, of: key, into: &test)
        }
        return test
    }

    private static func take(_ value: JSONValue, of key: String, into test: inout Test) {
        let words = value.array.compactMap(\.string) + [value.string].compactMap { $0 }
        switch key {
        case "LABELS": test.labels = words
        case "COST": test.cost = value.double
        case "RUN_SERIAL": test.isSerial = value.bool ?? false
        case "RESOURCE_GROUPS": test.resourceGroups = groups(value.array)
        case "FIXTURES_SETUP", "FIXTURES_CLEANUP", "FIXTURES_REQUIRED":
            test.ties += words.map { "fixture \($0)" }
            if key == "FIXTURES_SETUP" { test.order.sets = words }
            if key == "FIXTURES_CLEANUP" { test.order.cleans = words }
            if key == "FIXTURES_REQUIRED" { test.order.needs = words }
        case "RESOURCE_LOCK": test.ties += words.map { "lock \($0)" }
        case "DEPENDS":
            test.ties += words.map { "test \($0)" }
            test.order.after = words
        default: break
        }
    }

    /// As `RESOURCE_GROUPS` is written: `2,gpus:2` for two equal groups of `gpus:2`.
    private static func groups(_ values: [JSONValue]) -> [String] {
        var result: [(text: String, count: Int)] = []
        for value in values {
            let text = (value["requirements"]?.array ?? []).compactMap { requirement -> String? in
                guard let type = requirement[".type"]?.string, let slots = requirement["slots"]?.int else { return nil }
                return "\(type):\(slots)"
            }.joined(separator: ",")
            if result.last?.text == text {
                result[result.count - 1].count += 1
            } else {
                result.append((text, 1))
            }
        }
        return result.map { $0.count > 1 ? "\($0.count),\($0.text)" : $0.text }
    }

    /// For each test the tests that CTest runs before it: those it depends on, what sets up its fixtures, and what needs
    /// the fixtures that it cleans up.
    var before: [String: [String]] {
        var setups: [String: [String]] = [:]
        var users: [String: [String]] = [:]
        for test in tests {
            for name in test.order.sets { setups[name, default: []].append(test.name) }
            for name in test.order.sets + test.order.needs { users[name, default: []].append(test.name) }
        }
        let names = Set(tests.map(\.name))
        var before: [String: [String]] = [:]
        for test in tests {
            let first =
                test.order.after.filter(names.contains) + test.order.needs.flatMap { setups[$0] ?? [] }
                + test.order.cleans.flatMap { users[$0] ?? [] }
            let others = Set(first).subtracting([test.name])
            if !others.isEmpty { before[test.name] = others.sorted() }
        }
        return before
    }

    /// For each test the name of its group, where it is tied to another one: the first test's name.
    var bonds: [String: String] {
        var leader: [String: String] = [:]
        func find(_ name: String) -> String {
            var name = name
            while let next = leader[name], next != name { name = next }
            return name
        }
        var first: [String: String] = [:]
        for test in tests { first["test \(test.name)"] = test.name }
        for test in tests {
            leader[test.name] = leader[test.name] ?? test.name
            for tie in test.ties {
                let other = first[tie] ?? test.name
                first[tie] = other
                let (left, right) = (find(other), find(test.name))
                if left != right { leader[max(left, right)] = min(left, right) }
            }
        }
        let roots = tests.map { find($0.name) }
        let sizes = Dictionary(roots.map { ($0, 1) }, uniquingKeysWith: +)
        var result: [String: String] = [:]
        for (test, root) in zip(tests, roots) where sizes[root, default: 0] > 1 { result[test.name] = root }
        return result
    }
}
