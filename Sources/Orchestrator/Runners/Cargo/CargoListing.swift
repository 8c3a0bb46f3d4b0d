import CICore

/// Builds a workspace's test programs once and asks each for its tests.
struct CargoListing {
    let suite: Suite
    let tools: RunnerTools

    func inventory() async throws(RunnerError) -> SuiteInventory {
        var inventory = SuiteInventory(units: [])
        let (targets, hasDocTests) = try await build()
        if hasDocTests {
            inventory.notes.append(
                "documentation tests are not among these: add a suite with the command runner and `cargo test --doc`")
        }
        let (kept, unmatched) = selected(targets)
        inventory.unmatched = unmatched
        for target in kept {
            guard let tests = try await tests(of: target) else {
                inventory.notes.append(
                    "\(target.selector) has a test harness of its own: add a suite with the command runner for it")
                continue
            }
            guard !tests.isEmpty else { continue }
            inventory.units.append(
                TestUnit(suite: suite.name, selector: target.selector, granularity: .file, tests: tests))
        }
        return inventory
    }

    /// `paths` name packages or programs; the globs match the programs' names.
    private func selected(_ targets: [CargoTarget]) -> (kept: [CargoTarget], unmatched: [String]) {
        let selection = suite.selection
        let include = selection.include.map { Glob($0) }
        let exclude = selection.exclude.map { Glob($0) }
        let isNamed = { (path: String, target: CargoTarget) in
            path == target.package || path == target.selector || Glob(path).matches(target.package)
        }
        let kept = targets.filter { target in
            (selection.paths.isEmpty || selection.paths.contains { isNamed($0, target) })
                && (include.isEmpty || include.contains { $0.matches(target.selector) })
                && !exclude.contains { $0.matches(target.selector) }
        }
        let unmatched = selection.paths.filter { path in !targets.contains { isNamed(path, $0) } }
        return (kept, unmatched)
    }

    private func build() async throws(RunnerError) -> ([CargoTarget], hasDocTests: Bool) {
        let result = try await CargoCommand(suite).all.capture(
            ["--no-run", "--message-format=json"], accepting: [0, 101],
            to: "build the tests", using: tools)
        var targets: [CargoTarget] = []
        var words: [String] = []
        var hasDocTests = false
        for line in result.standardOutput.split(separator: UInt8(ascii: "\n")) {
            guard let json = line.withUnsafeBufferPointer({ JSONValue($0) }) else { continue }
            if let target = CargoTarget(artifact: json), !targets.contains(target) { targets.append(target) }
            if json["target"]?["doctest"]?.bool == true { hasDocTests = true }
            if json["message"]?["level"]?.string == "error", let text = json["message"]?["rendered"]?.string {
                words.append(text)
            }
        }
        guard result.exit == .exited(0) else {
            throw RunnerError(
                code: words.isEmpty ? .listingFailed : .buildFailed, suite: suite.name,
                description: "suite \(suite.name): the tests do not build: cargo ended with \(result.exit)",
                output: words.isEmpty
                    ? RunnerWords.tail(of: result) : SafeHead.of(words.joined(separator: "\n")))
        }
        return (targets.sorted { $0.selector < $1.selector }, hasDocTests)
    }

    /// `name: test` a line; `nil` if the program answers in another way: it has its own harness.
    private func tests(of target: CargoTarget) async throws(RunnerError) -> [String]? {
        let result = try await CargoCommand(suite).one.capture(
            target.arguments + ["--", "--list", "--format", "terse"],
            accepting: Set(0...255), to: "list the tests of \(target.selector)", using: tools)
        guard result.exit == .exited(0) else { return nil }
        var tests: [String] = []
        for line in result.text.split(separator: "\n") {
            if line.hasSuffix(": benchmark") { continue }
            guard line.hasSuffix(": test") else { return nil }
            tests.append("\(target.selector)#\(line.dropLast(6))")
        }
        return tests
    }
}

/// The first errors of a compiler, which are the ones that matter.
private enum SafeHead {
    static func of(_ text: String) -> String { SafeText.Bounded.head(text, limit: RunnerWords.limit).text }
}
