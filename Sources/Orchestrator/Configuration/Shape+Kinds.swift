package import CICore
import Yams

extension Shape where Value == String {
    /// Any text that is not empty.
    static let text = Shape("text", type: .text(), parse: { $0.isEmpty ? nil : $0 }, show: \.self)

    /// A path, relative to `base` in the user's words.
    static func path(_ expectation: String) -> Self {
        Shape(expectation, type: .text(), parse: { $0.isEmpty ? nil : $0 }, show: \.self)
    }

    /// A name that can stand before `::` in a test's id and in a comma-separated list.
    static let suiteName = Shape(
        "a name of at most 100 characters without \"::\", commas and control characters",
        type: .text(pattern: "^[^,\\x00-\\x1f]{1,100}$"),
        parse: { text in
            let isPlain = text.unicodeScalars.allSatisfy { $0 != "," && $0.properties.generalCategory != .control }
            let isTrimmed = text.first?.isWhitespace == false && text.last?.isWhitespace == false
            return isPlain && isTrimmed && text.count <= 100 && !text.contains("::") ? text : nil
        }, show: \.self)

    /// One of some words.
    static func word(_ words: [String]) -> Self {
        Shape(
            words.joined(separator: ", "), type: .word(words), parse: { words.contains($0) ? $0 : nil }, show: \.self)
    }

    /// `sqlite:` with a path or `postgres:` with a connection URL.
    static let historyURL = Shape(
        "a URL such as sqlite:.dt-ci/history.db", type: .text(pattern: "^(sqlite:.|postgres(ql)?://).*"),
        parse: { text in
            let isStore = ["postgres://", "postgresql://"].contains { text.hasPrefix($0) }
            return isStore || (text.hasPrefix("sqlite:") && text.count > 7) ? text : nil
        }, show: URLText.withoutCredentials)
}

extension Shape where Value == Int {
    /// A whole number within bounds.
    static func integer(_ expectation: String, in range: ClosedRange<Int>) -> Self {
        Shape(
            expectation,
            type: .integer(minimum: range.lowerBound, maximum: range.upperBound == .max ? nil : range.upperBound),
            parse: { Int($0).flatMap { range.contains($0) ? $0 : nil } }, show: { String($0) })
    }

    /// Exactly this number.
    static func constant(_ number: Int) -> Self {
        Shape(
            String(number), type: .constant(number), parse: { $0 == String(number) ? number : nil },
            show: { String($0) })
    }
}

extension Shape where Value == Bool {
    /// `true` or `false`, and YAML 1.1's other words for them.
    static let flag = Shape(
        "true or false", type: .boolean,
        parse: { text in
            switch text.lowercased() {
            case "true", "yes", "on": true
            case "false", "no", "off": false
            default: nil
            }
        }, show: { $0 ? "true" : "false" })
}

extension Shape where Value == Int? {
    /// A whole number above zero, or a word for "not fixed".
    static func count(or word: String) -> Self {
        Shape(
            "a whole number above zero, or \(word)", type: .either([.integer(minimum: 1), .word([word])]),
            parse: { text in
                if text == word { return .some(nil) }
                guard let number = Int(text), number > 0 else { return nil }
                return number
            }, show: { $0.map(String.init) ?? word })
    }

    /// A number of failed tests; `true` is one, `false` is never.
    static let failFast = Shape(
        "true, false, or the number of failed tests that ends the run",
        type: .either([.boolean, .integer(minimum: 1)]),
        parse: { text in
            if let flag = ["true": true, "yes": true, "false": false, "no": false][text] {
                return .some(flag ? 1 : nil)
            }
            guard let number = Int(text), number > 0 else { return nil }
            return number
        }, show: { $0.map(String.init) ?? "false" })
}

extension Shape where Value == UInt64? {
    /// A seed; `nil` = one is drawn.
    static let seed = Shape(
        "a whole number from 0 on", type: .integer(minimum: 0), parse: { UInt64($0).map(Optional.some) },
        show: { $0.map(String.init) ?? "drawn" })
}

extension Shape where Value == Duration? {
    /// A duration above zero, or a word for the absence of a limit.
    static func duration(or word: String) -> Self {
        Shape(
            "a duration such as 90s, 1.5m or 1h30m, or \(word)",
            type: .either([
                .integer(minimum: 1), .text(pattern: "^(\(word)|[0-9.]+ ?(ms|us|s|m|h|d)?([0-9.]+(ms|us|s|m|h|d))*)$"),
            ]),
            parse: { text in
                if text == word { return .some(nil) }
                guard let duration = DurationText.parse(text), duration > .zero else { return nil }
                return duration
            }, show: { $0.map(DurationText.exact) ?? word })
    }
}

extension Shape where Value == Granularity? {
    /// `nil` = `auto`.
    static let granularity = Shape(
        "auto, file, class or test", type: .word(["auto"] + Granularity.allCases.map(\.rawValue)),
        parse: { text in
            if text == "auto" { return .some(nil) }
            return Granularity(rawValue: text).map(Optional.some)
        }, show: { $0?.rawValue ?? "auto" })
}

extension Shape where Value == RunSettings.EmptyPolicy {
    /// `error`, `warn` or `ok`.
    static let emptyPolicy = Shape(
        "error, warn or ok", type: .word(Value.allCases.map(\.rawValue)), parse: Value.init(rawValue:), show: \.rawValue
    )
}

extension Shape where Value == RunSettings.RetryBudget {
    /// `100`, `5%` or both.
    static let retryBudget = Shape(
        "a number of tests, a percentage such as 5%, both as \"100, 5%\", or unlimited",
        type: .either([
            .integer(minimum: 0), .text(pattern: "^(unlimited|[0-9]+(\\.[0-9]+)?%?( *, *[0-9]+(\\.[0-9]+)?%?)?)$"),
        ]),
        parse: Value.init(text:), show: \.text)
}

extension Shape where Value == [String] {
    /// One text or a list of them.
    static let texts = Shape(
        "text or a list of texts", type: .either([.text(), .list(.text())]), show: ShownValue.list
    ) {
        node, reading in
        guard case .sequence(let items) = node else {
            return Shape<String>.text.read(node, &reading).map { [$0] }
        }
        let texts = items.map { Shape<String>.text.read($0, &reading) }
        return texts.contains(nil) ? nil : texts.compactMap(\.self)
    }
}

extension Shape where Value == [String: String] {
    /// Environment variables.
    static let environment = Shape(
        "a mapping of variable names to values", type: .textMap,
        show: { pairs in
            .map(Dictionary(uniqueKeysWithValues: pairs.map { ($0, Suite.isNameOfSecret($0) ? "•••" : $1) }))
        },
        read: { node, reading in
            guard case .mapping(let pairs) = node else {
                return reading.refuse(node, expected: "a mapping of variable names to values")
            }
            var variables: [String: String] = [:]
            for (key, value) in pairs {
                guard let name = key.scalarText, !name.isEmpty, !name.contains("="), !name.utf8.contains(0) else {
                    reading.report(
                        key.position, "a variable name that no process can have", expected: "a name without =")
                    continue
                }
                let text = value.isNothing ? "" : value.scalarText
                guard let text, !text.utf8.contains(0) else {
                    reading.report(
                        value.position, "found no single value for \"\(YAMLDocument.excerpt(name))\"", expected: "text")
                    continue
                }
                variables[name] = text
            }
            return variables
        })
}

extension Shape where Value == Suite.Command.Line? {
    /// A shell line as text, or an argument array.
    static let commandLine = Shape(
        "a shell line, or a list of arguments", type: .either([.text(), .list(.text())]),
        show: { line in
            switch line {
            case nil: .text("none")
            case .shell(let text): .text(text)
            case .arguments(let arguments): .list(arguments)
            }
        },
        read: { node, reading in
            guard case .sequence(let items) = node else {
                return Shape<String>.text.read(node, &reading).map { .some(.shell($0)) }
            }
            guard !items.isEmpty else { return reading.refuse(node, expected: "at least one argument") }
            let arguments = items.map { item in item.isNothing ? nil : item.scalar?.string }
            guard !arguments.contains(nil), arguments.first != .some("") else {
                return reading.refuse(node, expected: "a list of arguments, the first of which names the program")
            }
            return .some(.arguments(arguments.compactMap(\.self)))
        })
}

extension RunSettings.RetryBudget {
    /// Reads what `text` writes; `nil` if it is none of the forms.
    package init?(text: String) {
        self.init()
        if text == "unlimited" { return }
        let parts = text.split(separator: ",", omittingEmptySubsequences: false).map { part in
            part.filter { $0 != " " }
        }
        guard parts.count <= 2 else { return nil }
        for part in parts {
            if part.hasSuffix("%"), percent == nil {
                guard let number = Double(part.dropLast()), (0...100).contains(number) else { return nil }
                percent = number
            } else if tests == nil, let number = Int(part), number >= 0 {
                tests = number
            } else {
                return nil
            }
        }
    }
}

extension Suite {
    /// What its processes get that no log should show.
    package var secrets: [Secret] {
        environment.filter { Self.isNameOfSecret($0.key) && !$0.value.isEmpty }.sorted { $0.key < $1.key }
            .map { Secret($0.value) }
    }

    /// Whether a variable of this name should not be printed.
    package static func isNameOfSecret(_ name: String) -> Bool {
        let name = name.uppercased()
        return ["TOKEN", "SECRET", "PASSWORD", "PASSWD", "CREDENTIAL", "PRIVATE", "API_KEY"].contains {
            name.contains($0)
        }
    }
}
