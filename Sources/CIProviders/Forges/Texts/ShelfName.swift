import CICore

/// A file's name as every forge takes it.
enum ShelfName {
    /// The name on one line, without separators, the characters that GitHub forbids in artifacts' names
    /// (`" : < > | * ? \ /`) and leading dots, and no longer than 200 bytes.
    static func safe(_ name: String) -> String {
        let line = SafeText.line(name, limit: 200)
        let visible = line.map { "\":<>|*?\\/\u{0}".contains($0) ? "-" : $0 }.drop { $0 == "." || $0 == " " }
        return visible.isEmpty ? "file" : String(visible)
    }
}

extension APIAccess {
    /// The branch that files are put on, such as a badge: `DTCI_FILES_BRANCH`, else `dt-ci`.
    package var filesBranch: String { self["DTCI_FILES_BRANCH"] ?? "dt-ci" }
}
