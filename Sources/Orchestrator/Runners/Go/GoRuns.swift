import CICore

/// The starts of the tool that run just these packages and tests.
///
/// `-run` holds for all packages of a start, so each package with single tests has a start of its own; whole packages
/// share theirs.
struct GoRuns {
    /// Bytes of one `-run` expression; Go compiles it once for each package.
    private static let expressionLimit = 64 << 10
    let units: [TestUnit]

    /// The arguments after the flags, one list for each start.
    var selections: [[String]] {
        var whole: [String] = []
        var packages: [String] = []
        var tests: [String: [String]] = [:]
        for unit in units {
            let selector = GoSelector(unit.selector)
            guard let root = selector.root else {
                whole.append(selector.package)
                continue
            }
            if tests[selector.package] == nil { packages.append(selector.package) }
            if tests[selector.package]?.contains(root) != true { tests[selector.package, default: []].append(root) }
        }
        var result = whole.isEmpty ? [] : ArgumentLimit.groups(of: whole)
        for package in packages where !whole.contains(package) {
            for group in ArgumentLimit.groups(of: tests[package] ?? [], limit: Self.expressionLimit) {
                let names = group.map(CommandLineText.regexEscaped).joined(separator: "|")
                result.append(["-run", "^(\(names))$", package])
            }
        }
        return result
    }
}
