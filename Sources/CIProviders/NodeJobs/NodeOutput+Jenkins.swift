import CICore

extension NodeOutput {
    /// What `parallel` runs, by the branch's name; `readJSON` of the plugin Pipeline Utility Steps reads it.
    static let jenkinsParallel = NodeOutput(
        name: "jenkins",
        use: "parallel readJSON(file: FILE).collectEntries { name, job -> [(name): { node(job.label) { … } }] }"
    ) { jobs in
        .document(
            JobDocument.map(
                jobs.jobs.map { job in
                    (
                        job.title,
                        .map([
                            ("node", .text(job.node)), ("index", .number(job.index)), ("total", .number(job.total)),
                            ("label", .text(label(of: job))), ("hardware", .text(job.hardware.rawValue)),
                            ("suites", .text(job.suitesLine)),
                        ])
                    )
                }
            ).json + "\n")
    }

    /// A label expression: the atoms that are no plain words stand in quotes (`LabelExpressionLexer`).
    private static func label(of job: NodeJob) -> String {
        job.labels.map { label in
            let isPlain =
                !label.isEmpty
                && label.utf8.allSatisfy { byte in
                    (0x30...0x39).contains(byte) || (0x41...0x5A).contains(byte) || (0x61...0x7A).contains(byte)
                        || "_.-".utf8.contains(byte)
                }
            return isPlain ? label : "\"\(label.replacing("\\", with: "\\\\").replacing("\"", with: "\\\""))\""
        }.joined(separator: " && ")
    }
}
