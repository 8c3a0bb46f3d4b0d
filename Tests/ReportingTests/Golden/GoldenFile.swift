import Foundation
import Testing

/// A text that a rendering must make byte for byte, in `Fixtures/golden`.
///
/// A file that is not there is written, and the test fails once. A file that differs is never touched, but for a run with
/// `DTCI_UPDATE_GOLDEN=1`, which writes them all: look at the difference with git before you keep it.
struct GoldenFile {
    let name: String

    private static let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .appending(path: "Fixtures/golden")

    /// Compares whole texts and shows the first line that differs.
    func expect(_ text: String) throws {
        let file = Self.root.appending(path: name)
        let isUpdate = ProcessInfo.processInfo.environment["DTCI_UPDATE_GOLDEN"] == "1"
        guard !isUpdate, let expected = try? String(contentsOf: file, encoding: .utf8) else {
            try FileManager.default.createDirectory(
                at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
            try Data(text.utf8).write(to: file)
            if !isUpdate { Issue.record("\(name) was not there: look at what was written, and run again") }
            return
        }
        guard expected != text else { return }
        let old = expected.split(separator: "\n", omittingEmptySubsequences: false)
        let new = text.split(separator: "\n", omittingEmptySubsequences: false)
        let line = zip(old, new).enumerated().first { $1.0 != $1.1 }?.offset ?? min(old.count, new.count)
        Issue.record(
            """
            \(name) differs first in line \(line + 1) (of \(old.count), now \(new.count)):
            expected: \(Self.shown(old, line))
            found:    \(Self.shown(new, line))
            DTCI_UPDATE_GOLDEN=1 writes the golden files anew.
            """)
    }

    /// From a little before the first character that differs, since lines of a page are long.
    private static func shown(_ lines: [Substring], _ line: Int) -> String {
        line < lines.count ? String(lines[line].prefix(4000)) : "(the end)"
    }
}
