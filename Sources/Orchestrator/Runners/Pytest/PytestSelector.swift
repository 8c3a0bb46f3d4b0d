import FoundationEssentials

/// A node id relative to the working directory, such as `tests/test_a.py::TestX::test_y[1-2]`.
struct PytestSelector {
    let text: String
    /// The file: what stands before the first `::`.
    let file: String
    /// Classes and function, without parameters.
    private let names: [String]
    /// `[…]` with the brackets, or empty.
    private let parameters: String

    init(_ text: String) {
        self.text = text
        guard let separator = text.firstRange(of: "::") else {
            (file, names, parameters) = (text, [], "")
            return
        }
        file = String(text[..<separator.lowerBound])
        let rest = text[separator.upperBound...]
        let bracket = rest.firstIndex(of: "[") ?? rest.endIndex
        parameters = String(rest[bracket...])
        names = rest[..<bracket].split(separator: "::").map(String.init)
    }

    /// All rows of the test's table: its selector without parameters.
    var function: String { parameters.isEmpty ? text : ([file] + names).joined(separator: "::") }

    /// What pytest calls the test in JUnit reports.
    var reportedNames: (className: String, name: String) {
        let module = (file.hasSuffix(".py") ? String(file.dropLast(3)) : file).replacing("/", with: ".")
        guard let last = names.last else { return ("", module) }
        return (([module] + names.dropLast()).joined(separator: "."), last + parameters)
    }

    /// The selector in a reported case; `nil` if our plugin did not write it.
    static func decode(property: String) -> String? {
        // Whatever else stands there is not ours.
        try? JSONDecoder().decode(String.self, from: Data(property.utf8))
    }
}
