extension LogDialect {
    /// `::error file=a.swift,line=3,title=T::message` at the start of a line, and the older `##[group]`.
    static let gitHubActions = LogDialect("github-actions") { line in
        let text = line.drop { $0 == " " || $0 == "\t" }
        if text.hasPrefix("##["), let end = text.firstIndex(of: "]") {
            return bracketed(String(text[text.index(text.startIndex, offsetBy: 3)..<end]), rest(text, after: end))
        }
        guard text.hasPrefix("::"), let end = text.dropFirst(2).firstRange(of: "::") else { return .text }
        let head = text[text.index(text.startIndex, offsetBy: 2)..<end.lowerBound]
        let words = head.split(separator: " ", maxSplits: 1)
        guard let name = words.first else { return .text }
        let message = String(text[end.upperBound...]).unescaped(dataEscapes)
        return meaning(
            of: name.lowercased(), properties(words.count > 1 ? words[1] : ""), message)
    }

    private static let dataEscapes = [("%25", "%"), ("%0D", "\r"), ("%0A", "\n"), ("%0d", "\r"), ("%0a", "\n")]
    private static let propertyEscapes = dataEscapes + [("%3A", ":"), ("%2C", ","), ("%3a", ":"), ("%2c", ",")]

    private static func properties(_ text: Substring) -> [String: String] {
        var pairs: [String: String] = [:]
        for pair in text.split(separator: ",") {
            let halves = pair.split(separator: "=", maxSplits: 1)
            guard halves.count == 2 else { continue }
            let name = String(halves[0].drop { $0 == " " })
            pairs[name] = String(halves[1]).unescaped(propertyEscapes)
        }
        return pairs
    }

    private static func meaning(of name: String, _ properties: [String: String], _ message: String) -> Meaning {
        switch name {
        case "group": .foldOpened(message)
        case "endgroup": .foldClosed
        case "error", "warning", "notice":
            .annotation(
                ShownAnnotation(
                    path: properties["file"], line: properties["line"].flatMap { Int($0) }, tone: tone(name),
                    title: properties["title"] ?? "", message: message))
        case "add-mask", "debug", "echo", "add-matcher", "remove-matcher": .hidden
        case "stop-commands": .commandsStopped(token: message)
        default: .text
        }
    }

    /// The tone of an issue's word.
    static func tone(_ word: String) -> Tone {
        switch word {
        case "error": .bad
        case "warning": .warning
        default: .neutral
        }
    }

    /// The formats that GitHub's runner took over from Azure's.
    static func bracketed(_ name: String, _ text: String) -> Meaning {
        switch name {
        case "group": .foldOpened(text)
        case "endgroup": .foldClosed
        case "error", "warning":
            .annotation(ShownAnnotation(path: nil, line: nil, tone: tone(name), title: "", message: text))
        default: .text
        }
    }

    /// What stands after a bracket.
    static func rest(_ text: Substring, after end: Substring.Index) -> String {
        String(text[text.index(after: end)...])
    }
}
