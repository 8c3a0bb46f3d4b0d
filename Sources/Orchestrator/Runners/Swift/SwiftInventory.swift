import CICore
import SystemPackage

/// Builds a package's tests once and lists them: classes and suites are units.
struct SwiftInventory {
    let suite: Suite
    let tools: RunnerTools

    func discover(_ granularity: Granularity) async throws(RunnerError) -> SuiteInventory {
        try await build()
        let (command, arguments) = SwiftPackage(suite).command(["test", "list", "--skip-build"])
        let listing = try await command.capture(arguments, using: tools)
        let names = listing.text.split(separator: "\n").map { SwiftTestName(text: String($0)) }
            .filter { $0.text.contains(".") && $0.text.contains { $0 == "/" || $0 == "(" } }
        let (kept, unmatched) = selected(names)
        let program = try await program()
        var inventory = SuiteInventory(units: units(of: kept, in: program), unmatched: unmatched)
        if granularity == .test { inventory.units = inventory.units.flatMap { $0.splitByKnownTests() } }
        return inventory
    }

    /// One build for all batches, which then skip it: two builds at once would wait for each other.
    private func build() async throws(RunnerError) {
        let (command, arguments) = SwiftPackage(suite).command(["build", "--build-tests"])
        let result = try await command.capture(
            arguments, accepting: Set(0...255), to: "build the tests", using: tools)
        guard result.exit == .exited(0) else {
            let text = result.text + String(decoding: result.standardError, as: UTF8.self)
            throw RunnerError(
                code: .buildFailed, suite: suite.name,
                description: "suite \(suite.name): the tests do not build: swift build ended with \(result.exit)",
                output: Self.errors(in: text))
        }
    }

    /// The test program, relative to the suite's directory where it is below it: all test modules of a package are one.
    ///
    /// It is started itself, since `swift test` holds the build directory's lock while tests run: a second slot would
    /// wait for the first.
    private func program() async throws(RunnerError) -> String {
        let (command, arguments) = SwiftPackage(suite).command(["build", "--show-bin-path"])
        let answer = try await command.capture(arguments, to: "find the test program", using: tools)
        let directory = answer.text.split(separator: "\n").last.map(String.init) ?? ""
        // A directory that cannot be read holds no program, which is said below.
        let names = ((try? tools.files.entries(of: FilePath(directory))) ?? []).map(\.name)
            .filter { $0.hasSuffix("PackageTests.xctest") }
        guard let name = names.first(where: { isNamed($0) }) ?? names.first else {
            throw RunnerError(
                code: .listingFailed, suite: suite.name,
                description: "suite \(suite.name): there is no test program in \(directory)")
        }
        let path = "\(directory)/\(name)"
        let base = suite.workingDirectory.string + "/"
        return path.hasPrefix(base) ? String(path.dropFirst(base.count)) : path
    }

    /// Whether a program is the package's own: an old name's may lie beside it.
    private func isNamed(_ program: String) -> Bool {
        let manifest = suite.workingDirectory.appending("Package.swift")
        // A manifest that cannot be read was built from all the same; then any program is taken.
        guard let text = try? tools.files.text(of: manifest) else { return false }
        return text.contains("\"\(program.dropLast("PackageTests.xctest".count))\"")
    }

    /// From the first error on: what stands before is progress.
    private static func errors(in text: String) -> String {
        guard let first = text.firstRange(of: "error: ") else { return RunnerWords.tail(of: text) }
        let line = text[..<first.lowerBound].lastIndex(of: "\n").map { text.index(after: $0) } ?? text.startIndex
        return SafeText.Bounded.head(String(text[line...]), limit: RunnerWords.limit).text
    }

    /// `paths` name test modules or classes; the globs match whole names.
    private func selected(_ names: [SwiftTestName]) -> (kept: [SwiftTestName], unmatched: [String]) {
        let selection = suite.selection
        let include = selection.include.map { Glob($0) }
        let exclude = selection.exclude.map { Glob($0) }
        let isNamed = { (path: String, name: SwiftTestName) in
            // A module's directory is a name of it too.
            let word = path.hasPrefix("Tests/") ? String(path.dropFirst(6).prefix { $0 != "/" }) : path
            return name.module == word || name.container == word || name.text == word
                || name.container.hasPrefix(word + "/")
        }
        let kept = names.filter { name in
            (selection.paths.isEmpty || selection.paths.contains { isNamed($0, name) })
                && (include.isEmpty || include.contains { $0.matches(name.text) })
                && !exclude.contains { $0.matches(name.text) }
        }
        return (kept, selection.paths.filter { path in !names.contains { isNamed(path, $0) } })
    }

    /// A class or suite, with the suites in it apart; the functions of a module outside of suites are one unit.
    private func units(of names: [SwiftTestName], in program: String) -> [TestUnit] {
        let groups = Dictionary(grouping: names, by: \.container)
        return groups.sorted { $0.key < $1.key }.map { container, names in
            TestUnit(
                suite: suite.name, selector: container, granularity: .class, container: program,
                tests: names.map(\.text))
        }
    }
}
