import CICore
import SystemPackage

/// Finds the packages of a module that hold tests, and the tests of packages.
struct GoInventory {
    let suite: Suite
    let tools: RunnerTools

    func discover(_ granularity: Granularity) async throws(RunnerError) -> SuiteInventory {
        let patterns = suite.selection.paths.isEmpty ? ["./..."] : suite.selection.paths
        let (command, arguments) = GoCommand(suite).listing(
            using: ["list"] + GoCommand(suite).buildFlags + ["-f", Self.template] + patterns)
        let listing = try await command.capture(arguments, to: "list the packages", using: tools)
        var inventory = SuiteInventory(units: packages(in: listing.text))
        inventory.unmatched = Self.unmatched(in: String(decoding: listing.standardError, as: UTF8.self))
        guard granularity > .file else { return inventory }
        let found = try await tests(of: inventory.units.map(\.selector))
        inventory.units = inventory.units.flatMap { unit in cut(unit, into: found[unit.selector]) }
        return inventory
    }

    func split(_ unit: TestUnit) async throws(RunnerError) -> [TestUnit] {
        guard unit.granularity < .test else { return [unit] }
        let found = try await tests(of: [unit.selector])
        return cut(unit, into: found[unit.selector])
    }

    // MARK: Packages

    private static let template =
        "{{if or .TestGoFiles .XTestGoFiles}}{{.ImportPath}}\t{{.Dir}}{{end}}"

    private func packages(in text: String) -> [TestUnit] {
        let include = suite.selection.include.map(Glob.init)
        let exclude = suite.selection.exclude.map(Glob.init)
        return text.split(separator: "\n").compactMap { line in
            let parts = line.split(separator: "\t", maxSplits: 1)
            guard let path = parts.first, !path.isEmpty else { return nil }
            let directory = relative(parts.count > 1 ? String(parts[1]) : "")
            guard include.isEmpty || include.contains(where: { $0.matches(directory) }),
                !exclude.contains(where: { $0.matches(directory) })
            else { return nil }
            return TestUnit(suite: suite.name, selector: String(path), granularity: .file)
        }
    }

    private func relative(_ directory: String) -> String {
        let base = suite.workingDirectory.string
        if directory == base { return "." }
        return directory.hasPrefix(base + "/") ? String(directory.dropFirst(base.count + 1)) : directory
    }

    /// `go: warning: "./x/..." matched no packages`
    private static func unmatched(in words: String) -> [String] {
        words.split(separator: "\n").compactMap { line in
            guard line.hasSuffix("\" matched no packages"), let start = line.firstIndex(of: "\"") else { return nil }
            return String(line[line.index(after: start)...].dropLast(22))
        }
    }

    // MARK: Tests

    /// The tests by package; a package that does not build has none here, so that running it says why.
    private func tests(of packages: [String]) async throws(RunnerError) -> [String: [String]] {
        var found: [String: [String]] = [:]
        let flags = ["test", "-json", "-list", "^(Test|Fuzz|Example)"] + GoCommand(suite).flags
        for group in ArgumentLimit.groups(of: packages) {
            let (command, arguments) = GoCommand(suite).listing(using: flags + group)
            let listing = try await command.capture(arguments, accepting: [0, 1, 2], using: tools)
            for line in listing.standardOutput.split(separator: UInt8(ascii: "\n")) {
                guard let event = GoEvent(line) else { continue }
                if event.action == "pass" || event.action == "skip" { found[event.package, default: []] += [] }
                guard event.action == "output", let name = event.output?.split(separator: "\n").first,
                    GoSelector.isTest(name), !name.contains(" ")
                else { continue }
                found[event.package, default: []].append(String(name))
            }
            if found.isEmpty { throw unlisted(listing) }
        }
        return found
    }

    private func unlisted(_ listing: CapturedProcess) -> RunnerError {
        let words = RunnerWords.tail(of: listing)
        let isBuild = listing.text.contains("[build failed]") || listing.text.contains("[setup failed]")
        return RunnerError(
            code: isBuild ? .buildFailed : .listingFailed, suite: suite.name,
            description: "suite \(suite.name): no package's tests could be listed: go test ended with \(listing.exit)",
            output: words)
    }

    private func cut(_ unit: TestUnit, into tests: [String]?) -> [TestUnit] {
        guard let tests else { return [unit] }
        return tests.map { name in
            let selector = GoSelector(package: unit.selector, test: name).text
            return TestUnit(
                suite: unit.suite, selector: selector, granularity: .test, container: unit.container,
                tests: [selector], constraints: unit.constraints)
        }
    }
}
