package import CICore
package import SystemPackage

/// A `CODEOWNERS` file: who answers for which paths.
///
/// Patterns are those of `.gitignore` without exclusions, as GitHub documents them; GitLab adds sections, each of which has a
/// word in it, and lets patterns without a slash at the start begin anywhere.
package struct CodeOwners: Sendable, Hashable {
    /// Where it was read from.
    package let file: FilePath
    /// The directory that its paths begin at.
    package let root: FilePath
    private let sections: [Section]

    /// Whose rules a file follows.
    package enum Dialect: Sendable, Hashable {
        case gitHub
        case gitLab
    }

    /// The rules of one section; a file without sections is one.
    private struct Section: Sendable, Hashable {
        var name: String
        var rules: [Rule] = []
    }

    private struct Rule: Sendable, Hashable {
        var pattern: OwnerPattern
        var owners: [String]
        /// Whether the section has nothing to do with such paths (`!` in GitLab).
        var isExclusion: Bool
    }

    /// Where the forges look, in their order.
    package static let places = [".github/CODEOWNERS", ".gitlab/CODEOWNERS", "CODEOWNERS", "docs/CODEOWNERS"]
    /// GitHub reads no more than 3 MB.
    private static let limit = 3 << 20

    /// Reads a file's text. Lines that say nothing are passed over, as the forges do.
    package init(_ text: String, file: FilePath, root: FilePath, dialect: Dialect? = nil) {
        self.file = file
        self.root = root
        let lines = text.split(whereSeparator: \.isNewline).map {
            $0.drop { $0 == " " || $0 == "\t" || $0 == "\u{FEFF}" }
        }
        let isGitLab = dialect.map { $0 == .gitLab } ?? lines.contains { SectionHead($0) != nil }
        var sections = [Section(name: "")]
        var current = 0
        var defaults: [String] = []
        for line in lines where !line.hasPrefix("#") && !line.isEmpty {
            if isGitLab, let head = SectionHead(line) {
                defaults = head.owners
                if let known = sections.firstIndex(where: { $0.name == head.name }) {
                    current = known
                } else {
                    current = sections.count
                    sections.append(Section(name: head.name))
                }
                continue
            }
            guard let rule = Self.rule(line, defaults: defaults, isGitLab: isGitLab) else { continue }
            sections[current].rules.append(rule)
        }
        self.sections = sections
    }

    private static func rule(_ line: Substring, defaults: [String], isGitLab: Bool) -> Rule? {
        var words = OwnerWords.split(line)
        guard !words.isEmpty else { return nil }
        var pattern = words.removeFirst()
        let isExclusion = isGitLab && pattern.hasPrefix("!")
        if isExclusion { pattern.removeFirst() }
        guard let read = OwnerPattern(pattern, floats: isGitLab) else { return nil }
        let owners = words.filter { $0.contains("@") }
        return Rule(pattern: read, owners: owners.isEmpty ? defaults : owners, isExclusion: isExclusion)
    }

    /// Who answers for a path from the root, each once; of the patterns of a section the last that fits counts.
    package func owners(of path: String) -> [String] {
        let parts = path.split(separator: "/").filter { $0 != "." }
        guard !parts.isEmpty, !parts.contains("..") else { return [] }
        var owners: [String] = []
        for section in sections {
            let fitting = section.rules.filter { $0.pattern.matches(parts) }
            guard !fitting.contains(where: \.isExclusion) else { continue }
            for owner in fitting.last?.owners ?? [] where !owners.contains(owner) { owners.append(owner) }
        }
        return owners
    }

    /// The file of the repository around a directory; `nil` if there is none.
    package static func find(around directory: FilePath, files: any FileSystem) -> CodeOwners? {
        var root = directory
        while true {
            for place in places where files.kind(of: root.appending(place)) == .file {
                // One that cannot be read is as good as none.
                return try? read(root.appending(place), root: root, files: files)
            }
            guard !files.exists(root.appending(".git")), root.components.count > 0 else { return nil }
            root = root.removingLastComponent()
        }
    }

    /// Reads a file that was named; its place tells the dialect.
    package static func read(_ file: FilePath, root: FilePath, files: any FileSystem) throws(FileError) -> CodeOwners {
        let bytes = try files.contents(of: file, limit: limit)
        let isGitLab = file.removingLastComponent().lastComponent?.string == ".gitlab"
        return CodeOwners(
            String(decoding: bytes, as: UTF8.self), file: file, root: root, dialect: isGitLab ? .gitLab : nil)
    }
}

/// `[Name]`, `^[Name]` or `[Name][2]`, with owners for its patterns that name none.
private struct SectionHead {
    var name: String
    var owners: [String]

    init?(_ line: Substring) {
        let text = line.hasPrefix("^[") ? line.dropFirst() : line
        guard text.hasPrefix("["), let end = text.firstIndex(of: "]") else { return nil }
        name = text[text.index(after: text.startIndex)..<end].lowercased()
        var rest = text[text.index(after: end)...]
        if rest.hasPrefix("["), let count = rest.firstIndex(of: "]") { rest = rest[rest.index(after: count)...] }
        owners = OwnerWords.split(rest).filter { $0.contains("@") }
        guard !name.isEmpty, rest.isEmpty || rest.first == " " || rest.first == "\t" else { return nil }
    }
}

/// Words between blanks; a backslash keeps what follows it.
private enum OwnerWords {
    /// Up to a comment.
    static func split(_ line: Substring) -> [String] {
        var words: [String] = []
        var word = ""
        var isEscaped = false
        for character in line {
            if isEscaped {
                word.append(character)
                isEscaped = false
            } else if character == "\\" {
                isEscaped = true
            } else if character == "#", word.isEmpty {
                break
            } else if character == " " || character == "\t" {
                if !word.isEmpty { words.append(word) }
                word = ""
            } else {
                word.append(character)
            }
        }
        return word.isEmpty ? words : words + [word]
    }
}
