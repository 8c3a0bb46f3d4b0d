/// Names of Java types and methods in the forms that class files, JUnit and its reports have them.
enum JavaTypeName {
    /// `java/lang/String` → `java.lang.String`.
    static func dotted(_ name: some StringProtocol) -> String {
        String(name.map { $0 == "/" ? "." : $0 })
    }

    /// The parameter types of a descriptor as JUnit's method selector wants them: `(Ljava/lang/String;[I)V` →
    /// `java.lang.String, int[]`.
    static func parameters(of descriptor: String) -> [String] {
        guard descriptor.first == "(", let end = descriptor.firstIndex(of: ")") else { return [] }
        var rest = descriptor[..<end].dropFirst()
        var types: [String] = []
        while !rest.isEmpty {
            let dimensions = rest.prefix { $0 == "[" }.count
            rest = rest.dropFirst(dimensions)
            guard let first = rest.popFirst() else { break }
            var type = primitives[first] ?? ""
            if first == "L" {
                type = dotted(rest.prefix { $0 != ";" })
                rest = rest.drop { $0 != ";" }.dropFirst()
            }
            types.append(type + String(repeating: "[]", count: dimensions))
        }
        return types
    }

    /// A method in one form for all sources: `rows(java.lang.String)[2]`, `rows(String)[1]`, `rows(String)` and
    /// Surefire's `rows{String}[1]` are all `rows(String)`; `adds()` and `adds` are `adds`.
    static func plainMethod(_ name: String) -> String {
        let name = withoutIndex(parenthesised(name)).name
        guard name.hasSuffix(")"), let open = name.firstIndex(of: "(") else { return name }
        let types: [String] = name[name.index(after: open)...].dropLast().split(separator: ",").map { type in
            let bare = type.drop { $0 == " " }
            let mark = bare.lastIndex { $0 == "." || $0 == "$" }
            return String(mark.map { bare[bare.index(after: $0)...] } ?? bare)
        }
        return types.isEmpty ? String(name[..<open]) : "\(name[..<open])(\(types.joined(separator: ", ")))"
    }

    private static func parenthesised(_ name: String) -> String {
        guard name.contains("{"), !name.contains("(") else { return name }
        return String(name.map { $0 == "{" ? "(" : $0 == "}" ? ")" : $0 })
    }

    /// A row's number or name behind the method, such as `[2]`, `[1][3]` or `[a b]`.
    static func withoutIndex(_ name: String) -> (name: String, index: String) {
        var rest = name.drop { $0 != "(" && $0 != "{" && $0 != "[" }
        if let open = rest.first, open != "[" {
            rest = rest.drop { $0 != ")" && $0 != "}" }.dropFirst()
        }
        guard rest.first == "[", rest.startIndex > name.startIndex else { return (name, "") }
        return (String(name[..<rest.startIndex]), String(rest))
    }

    private static let primitives: [Character: String] = [
        "B": "byte", "C": "char", "D": "double", "F": "float", "I": "int", "J": "long", "S": "short", "Z": "boolean",
    ]
}
