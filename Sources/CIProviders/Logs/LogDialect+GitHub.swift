import CICore

extension LogDialect {
    /// Workflow commands, as GitHub Actions, Gitea Actions and Forgejo Actions read them ("Workflow commands for GitHub
    /// Actions"): ten errors and ten warnings of a step are shown, a summary of a step may hold 1 MiB.
    static let gitHub = LogDialect(
        open: { title, _, _ in "::group::\(data(SafeText.line(title)))" },
        close: { _, _ in "::endgroup::" },
        annotation: { annotation in
            let command = annotation.level == .failure ? "error" : annotation.level == .warning ? "warning" : "notice"
            let place = [
                annotation.path.map { "file=\(property($0))" }, annotation.line.map { "line=\($0)" },
                "title=\(property(SafeText.line(annotation.title, limit: 255)))",
            ].compactMap(\.self).joined(separator: ",")
            return "::\(command) \(place)::\(data(SafeText.block(annotation.message, limit: 4000)))"
        },
        annotationsPerLevel: 10,
        mask: { "::add-mask::\(data($0.reveal()))" },
        summary: .file(variable: "GITHUB_STEP_SUMMARY", limit: 1 << 20))

    private static let data = LogEscape(replacements: [("%", "%25"), ("\r", "%0D"), ("\n", "%0A")])
    private static let property = LogEscape(replacements: [
        ("%", "%25"), ("\r", "%0D"), ("\n", "%0A"), (":", "%3A"), (",", "%2C"),
    ])
}
