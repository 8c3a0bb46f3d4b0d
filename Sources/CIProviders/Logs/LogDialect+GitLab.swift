import CICore

extension LogDialect {
    /// GitLab's job log knows folds only ("Custom collapsible sections"); their names hold letters, digits, `_`, `.`
    /// and `-`.
    static let gitLab = LogDialect(
        open: { title, id, time in
            "\u{1B}[0Ksection_start:\(time):\(name(id))[collapsed=true]\r\u{1B}[0K\(SafeText.line(title))"
        },
        close: { id, time in "\u{1B}[0Ksection_end:\(time):\(name(id))\r\u{1B}[0K" })

    /// Travis CI's log: the marks must stand on lines of their own, or at the start of one after a carriage return.
    static let travis = LogDialect(
        open: { title, id, _ in "travis_fold:start:\(name(id))\r\u{1B}[0K\(SafeText.line(title))" },
        close: { id, _ in "travis_fold:end:\(name(id))\r\u{1B}[0K" })

    private static func name(_ id: String) -> String {
        String(id.map { $0.isASCII && ($0.isLetter || $0.isNumber || $0 == "_" || $0 == ".") ? $0 : "_" })
    }
}
