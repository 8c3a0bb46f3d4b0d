import CICore

extension LogDialect {
    /// Logging commands of Azure Pipelines ("Logging commands"; escapes as the agent's `CommandStringConvertor`).
    static let azure = LogDialect(
        open: { title, _, _ in "##[group]\(SafeText.line(title))" },
        close: { _, _ in "##[endgroup]" },
        annotation: { annotation in
            let place = [
                "type=\(annotation.level == .failure ? "error" : "warning")",
                annotation.path.map { "sourcepath=\(property($0))" }, annotation.line.map { "linenumber=\($0)" },
            ].compactMap(\.self).joined(separator: ";")
            let text = "\(annotation.title): \(annotation.message)"
            return "##vso[task.logissue \(place)]\(data(SafeText.line(text, limit: 2000)))"
        },
        annotationsPerLevel: 10,
        mask: { "##vso[task.setsecret]\(data($0.reveal()))" },
        summary: .announced { "##vso[task.uploadsummary]\(data($0))" },
        upload: { path, name in
            "##vso[artifact.upload artifactname=\(property(name));containerfolder=\(property(name))]\(data(path))"
        },
        build: BuildCommands(tag: { "##vso[build.addbuildtag]\(data(SummaryText.line($0, units: 256)))" }))

    /// Hands a value to later jobs, as `dependencies.JOB.outputs['STEP.NAME']`.
    static func azureOutput(_ name: String, _ value: String) -> String {
        "##vso[task.setvariable variable=\(property(name));isOutput=true]\(data(value))"
    }

    private static let data = LogEscape(replacements: [("%", "%AZP25"), ("\r", "%0D"), ("\n", "%0A")])
    private static let property = LogEscape(replacements: [
        ("%", "%AZP25"), ("\r", "%0D"), ("\n", "%0A"), ("]", "%5D"), (";", "%3B"),
    ])
}
