/// A shell line, read as far as to know what is quoted.
struct ShellText {
    /// In which quotes something stands.
    enum Quoting: Sendable, Hashable {
        case none
        case single
        case double
    }

    let text: String

    init(_ text: String) { self.text = text }

    /// How each occurrence of a placeholder is quoted.
    func quoting(of placeholder: String) -> [Quoting] {
        var found: [Quoting] = []
        _ = replacing(placeholder) {
            found.append($0)
            return ""
        }
        return found
    }

    /// The line with every occurrence replaced by what fits its quoting.
    func replacing(_ placeholder: String, with value: (Quoting) -> String) -> ShellText {
        var result = ""
        var quoting = Quoting.none
        var rest = text[...]
        while let character = rest.first {
            if rest.hasPrefix(placeholder) {
                result += value(quoting)
                rest = rest.dropFirst(placeholder.count)
                continue
            }
            if character == "\\", quoting != .single {
                result += rest.prefix(2)
                rest = rest.dropFirst(2)
                continue
            }
            switch (character, quoting) {
            case ("'", .none): quoting = .single
            case ("'", .single), ("\"", .double): quoting = .none
            case ("\"", .none): quoting = .double
            default: break
            }
            result.append(character)
            rest = rest.dropFirst()
        }
        return ShellText(result)
    }
}
