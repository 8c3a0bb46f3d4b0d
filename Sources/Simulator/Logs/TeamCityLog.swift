extension LogDialect {
    /// `##teamcity[name 'value']` and `##teamcity[name key='value' …]`, with `|` as the escape.
    static let teamCity = LogDialect("teamcity") { line in
        let text = line.drop { $0 == " " || $0 == "\t" }
        guard text.hasPrefix("##teamcity["), let message = ServiceMessage(text.dropFirst("##teamcity[".count)) else {
            return .text
        }
        return meaning(of: message)
    }

    private static func meaning(of message: ServiceMessage) -> Meaning {
        let name = message["name"]
        switch message.name {
        case "blockOpened": return .foldOpened(message["description"].isEmpty ? name : message["description"])
        case "blockClosed": return .foldClosed
        case "message": return logged(message)
        case "buildProblem": return .note(ShownNote(kind: "Build problem", text: message["description"], tone: .bad))
        case "buildStatus":
            return .note(
                ShownNote(
                    kind: "Status text", text: message["text"], tone: message["status"] == "FAILURE" ? .bad : .neutral))
        case "addBuildTag": return .note(ShownNote(kind: "Tag", text: message.value))
        case "buildStatisticValue":
            return .note(ShownNote(kind: "Statistic", text: "\(message["key"]) = \(message["value"])"))
        case "publishArtifacts": return .file(ShownFile(shelf: "Artifact", path: message.value, size: 0))
        case "importData":
            return .note(ShownNote(kind: "Test results", text: "\(message["type"]): \(message["path"])"))
        case "testStarted": return .test(.started(name))
        case "testFailed": return .test(.failed(name, message: message["message"]))
        case "testIgnored": return .test(.ignored(name))
        case "testFinished": return .test(.finished(name, milliseconds: Int(message["duration"])))
        default: return .hidden
        }
    }

    private static func logged(_ message: ServiceMessage) -> Meaning {
        let tone: Tone
        switch message["status"] {
        case "ERROR", "FAILURE": tone = .bad
        case "WARNING": tone = .warning
        default: return .text
        }
        return .annotation(ShownAnnotation(path: nil, line: nil, tone: tone, title: "", message: message["text"]))
    }
}

/// One service message.
private struct ServiceMessage {
    let name: String
    /// Of the form with one value.
    private(set) var value = ""
    private var attributes: [String: String] = [:]

    /// Reads what stands after `##teamcity[`; `nil` if it doesn't end as a message does.
    init?(_ text: Substring) {
        name = String(text.prefix { $0.isLetter })
        var rest = text.dropFirst(name.count)
        while true {
            rest = rest.drop { $0 == " " }
            guard let first = rest.first else { return nil }
            if first == "]" { return }
            let key = String(rest.prefix { $0.isLetter || $0.isNumber })
            rest = rest.dropFirst(key.count).drop { $0 == " " }
            if !key.isEmpty {
                guard rest.first == "=" else { return nil }
                rest = rest.dropFirst().drop { $0 == " " }
            }
            guard rest.first == "'", let text = Self.quoted(&rest) else { return nil }
            if key.isEmpty { value = text } else { attributes[key] = text }
        }
    }

    subscript(key: String) -> String { attributes[key] ?? "" }

    private static func quoted(_ rest: inout Substring) -> String? {
        rest.removeFirst()
        var text = ""
        while let character = rest.popFirst() {
            if character == "'" { return text }
            guard character == "|", let escaped = rest.popFirst() else {
                text.append(character)
                continue
            }
            switch escaped {
            case "n": text.append("\n")
            case "r": text.append("\r")
            case "0" where rest.first == "x":
                let digits = rest.dropFirst().prefix(4)
                text.unicodeScalars.append(UInt32(digits, radix: 16).flatMap(Unicode.Scalar.init) ?? "\u{FFFD}")
                rest = rest.dropFirst(5)
            default: text.append(escaped)
            }
        }
        return nil
    }
}
