import CICore
import SystemPackage

/// Classes whose tests lean on each other or on a fixture of the class, found in the sources: PHPUnit lists neither.
struct PHPUnitBoundClasses {
    private var names: Set<Substring> = []
    private static let marks = ["@depends", "#[Depends", "setUpBeforeClass", "@beforeClass", "#[BeforeClass"]

    init(of suite: Suite, using tools: RunnerTools) {
        var everything = suite
        everything.selection = Suite.Selection()
        for file in GlobListing(everything, defaults: ["**/*Test.php"]).found(using: tools).files {
            // What cannot be read has no say; PHPUnit has its own words on it.
            guard let text = try? tools.files.text(of: suite.workingDirectory.appending(file)),
                Self.marks.contains(where: { text.contains($0) })
            else { continue }
            for line in text.split(separator: "\n") {
                let words = line.split(separator: " ")
                guard let keyword = words.firstIndex(of: "class"), keyword + 1 < words.count else { continue }
                names.insert(words[keyword + 1].prefix { $0 != "{" })
            }
        }
    }

    /// By the class's own name, whatever its namespace.
    func contains(_ name: String) -> Bool { names.contains(name.split(separator: "\\").last ?? "") }
}
