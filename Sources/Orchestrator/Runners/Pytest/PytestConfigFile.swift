/// A file that may hold pytest's configuration, read as far as discovery needs it.
struct PytestConfigFile {
    /// A setting's value.
    enum Value: Sendable, Hashable {
        /// Words as a shell would split them.
        case text(String)
        case list([String])

        /// `nil` if the quotes do not close.
        var words: [String]? {
            switch self {
            case .text(let text): ShellWords.split(text)
            case .list(let words): words
            }
        }
    }

    /// The settings; `nil` if the file says nothing of pytest.
    let values: [String: Value]?

    /// - Parameters:
    ///   - text: the whole file.
    ///   - candidate: its name and the sections that count.
    init?(_ text: String, _ candidate: (name: String, sections: [String], countsWhenEmpty: Bool)) {
        if candidate.name.hasSuffix(".toml") {
            guard let found = TOMLTables(text).found(in: candidate.sections) else { return nil }
            values = found.isPresent || candidate.countsWhenEmpty ? found.values : nil
        } else {
            guard let sections = IniSections(text) else { return nil }
            let found = sections.values(of: candidate.sections)
            values = found == nil && candidate.countsWhenEmpty ? [:] : found
        }
    }
}

/// `[section]` files in the grammar of Python's iniconfig.
struct IniSections {
    private var sections: [String: [String: String]] = [:]

    /// `nil` if a line is none of section, setting, continuation and comment.
    init?(_ text: String) {
        var section: String?
        var key: String?
        for line in text.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline) {
            let trimmed = line.trimmed
            if trimmed.isEmpty || trimmed.first == "#" || trimmed.first == ";" { continue }
            if line.first?.isWhitespace == true, let section, let key {
                sections[section]?[key]?.append("\n\(trimmed)")
            } else if trimmed.first == "[" {
                guard let end = trimmed.firstIndex(of: "]") else { return nil }
                let name = String(trimmed[trimmed.index(after: trimmed.startIndex)..<end])
                sections[name, default: [:]] = sections[name] ?? [:]
                (section, key) = (name, nil)
            } else if let section, let separator = trimmed.firstIndex(where: { $0 == "=" || $0 == ":" }) {
                let name = String(trimmed[..<separator].trimmed)
                sections[section]?[name] = String(trimmed[trimmed.index(after: separator)...].trimmed)
                key = name
            } else {
                return nil
            }
        }
    }

    /// `nil` if none of the sections is there.
    func values(of names: [String]) -> [String: PytestConfigFile.Value]? {
        names.compactMap { sections[$0] }.first?.mapValues { .text($0) }
    }
}

extension Substring {
    /// Without white space at both ends.
    fileprivate var trimmed: Substring {
        var text = self
        while text.first?.isWhitespace == true { text.removeFirst() }
        while text.last?.isWhitespace == true { text.removeLast() }
        return text
    }
}
