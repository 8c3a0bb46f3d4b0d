import CICore

/// A report in the words of a check run.
struct GitHubCheckRunWords: Sendable {
    let name: String
    private let execution: String
    private let status: String
    private let conclusion: String?
    private let title: String
    private let summary: String
    private let text: String
    private let link: String?

    init(_ report: AnnotatedReport, execution: String) {
        name = SummaryText.line(report.status.name, scalars: 255)
        self.execution = execution
        (status, conclusion) =
            switch report.status.state {
            case .pending: ("queued", nil)
            case .running: ("in_progress", nil)
            case .passed: ("completed", "success")
            // A neutral check would let a branch rule pass.
            case .failed, .errored: ("completed", "failure")
            case .cancelled: ("completed", "cancelled")
            }
        title = SummaryText.line(report.status.summary, scalars: 255)
        // Each 65,535 characters by the description; of bytes by what the server's column holds.
        let pages = report.pages.map { MarkdownCut.head($0, scalars: 65_535, bytes: 65_535) }
        summary = pages.first.flatMap { $0.isEmpty ? nil : $0 } ?? title
        text = pages.dropFirst().first ?? ""
        link = SummaryText.link(report.status.url)
    }

    /// The members of a request that creates or updates the check run.
    func write(to json: inout JSONWriter, _ annotations: [GitHubAnnotation]) {
        for (key, value) in [
            ("name", name), ("external_id", execution), ("status", status), ("conclusion", conclusion),
            ("details_url", link),
        ] {
            guard let value else { continue }
            json.key(dynamic: key)
            json.value(value)
        }
        json.key("output")
        json.object { json in
            json.key("title")
            json.value(title)
            json.key("summary")
            json.value(summary)
            // An empty one takes the place of what an earlier report of this execution said.
            json.key("text")
            json.value(text)
            guard !annotations.isEmpty else { return }
            json.key("annotations")
            json.array(annotations) { $1.write(to: &$0) }
        }
    }
}
