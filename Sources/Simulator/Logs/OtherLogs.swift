extension LogDialect {
    /// `section_start:1750000000:name[collapsed=true]`, carriage return, header; GitLab drops the marks around it.
    static let gitLabCI = LogDialect("gitlab-ci") { line in
        if let start = line.firstRange(of: "section_start:") {
            let rest = line[start.upperBound...].drop(while: \.isNumber)
            guard rest.first == ":" else { return .text }
            let halves = rest.dropFirst().split(separator: "\r", maxSplits: 1)
            let name = halves.first.map { $0.prefix { $0 != "[" } } ?? ""
            let header = halves.count > 1 ? TerminalMarks.without(String(halves[1])) : ""
            return .foldOpened(header.isEmpty ? String(name) : header)
        }
        guard let end = line.firstRange(of: "section_end:"), line[end.upperBound...].first?.isNumber == true else {
            return .text
        }
        return .foldClosed
    }

    /// `travis_fold:start:name` and `travis_fold:end:name`; the header is the line after it.
    static let travisCI = LogDialect("travis-ci") { line in
        let text = TerminalMarks.without(line)
        if let start = text.firstRange(of: "travis_fold:start:") {
            let words = text[start.upperBound...].split(maxSplits: 1) { $0 == "\r" || $0 == " " }
            let header = words.count > 1 ? String(words[1]) : ""
            return .foldOpened(header.isEmpty ? words.first.map(String.init) ?? "" : header)
        }
        if text.contains("travis_fold:end:") { return .foldClosed }
        return text.hasPrefix("travis_time:") ? .hidden : .text
    }

    /// `##[group]`, and `##vso[area.action name=value;…]message` anywhere in a line.
    static let azurePipelines = LogDialect("azure-pipelines") { line in
        if line.hasPrefix("##["), let end = line.firstIndex(of: "]") {
            let name = String(line[line.index(line.startIndex, offsetBy: 3)..<end])
            return bracketed(name, rest(line[...], after: end))
        }
        guard let start = line.firstRange(of: "##vso["), let end = line[start.upperBound...].firstIndex(of: "]") else {
            return .text
        }
        let words = line[start.upperBound..<end].split(separator: " ", maxSplits: 1)
        guard let name = words.first else { return .text }
        let message = rest(line[...], after: end).unescaped(azureEscapes)
        return azure(name.lowercased(), properties(words.count > 1 ? words[1] : ""), message)
    }

    private static let azureEscapes = [
        ("%3B", ";"), ("%0D", "\r"), ("%0A", "\n"), ("%5D", "]"), ("%AZP25", "%"),
    ]

    private static func properties(_ text: Substring) -> [String: String] {
        var pairs: [String: String] = [:]
        for pair in text.split(separator: ";") {
            let halves = pair.split(separator: "=", maxSplits: 1)
            if halves.count == 2 { pairs[halves[0].lowercased()] = String(halves[1]).unescaped(azureEscapes) }
        }
        return pairs
    }

    private static func azure(_ name: String, _ properties: [String: String], _ message: String) -> Meaning {
        switch name {
        case "task.logissue":
            .annotation(
                ShownAnnotation(
                    path: properties["sourcepath"], line: properties["linenumber"].flatMap { Int($0) },
                    tone: tone(properties["type"] ?? ""), title: properties["code"] ?? "", message: message))
        case "task.uploadsummary": .summary(path: message)
        case "artifact.upload", "build.uploadlog", "task.uploadfile":
            .file(ShownFile(shelf: "Artifact \(properties["artifactname"] ?? "")", path: message, size: 0))
        case "build.addbuildtag": .note(ShownNote(kind: "Tag", text: message))
        case "build.updatebuildnumber": .note(ShownNote(kind: "Build number", text: message))
        case "task.complete":
            .note(ShownNote(kind: "Result", text: "\(properties["result"] ?? "") \(message)", tone: .neutral))
        case "results.publish":
            .note(ShownNote(kind: "Test results", text: properties["resultfiles"] ?? message))
        default: .hidden
        }
    }
}

/// Escapes of terminals.
enum TerminalMarks {
    /// The text without colours and erasures (`ESC [ … letter`).
    static func without(_ text: String) -> String {
        var result = String.UnicodeScalarView()
        var isEscape = false
        var isSequence = false
        for scalar in text.unicodeScalars {
            if isSequence {
                isSequence = !(0x40...0x7E).contains(scalar.value)
            } else if isEscape {
                isEscape = false
                isSequence = scalar == "["
            } else if scalar == "\u{1B}" {
                isEscape = true
            } else {
                result.append(scalar)
            }
        }
        return String(result)
    }
}
