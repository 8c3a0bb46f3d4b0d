import CICore
import Crypto

/// An annotation in Bitbucket's words and within its limits.
struct BitbucketRemark: Sendable {
    /// The same for the same failure in every run, and another for each annotation of a report.
    let id: String
    private let annotation: LineAnnotation

    /// Remarks of one report, in order.
    static func all(of annotations: some Sequence<LineAnnotation>, within report: String) -> [BitbucketRemark] {
        var twins: [String: Int] = [:]
        return annotations.map { annotation in
            let twin = twins[annotation.key, default: 0]
            twins[annotation.key] = twin + 1
            let digest = SHA256.hash(data: Array("\(report)\n\(twin)\n\(annotation.key)".utf8))
            return BitbucketRemark(
                id: "dt-ci-" + Hexadecimal.text(of: digest).prefix(32), annotation: annotation)
        }
    }

    /// The remark as an element of a list.
    func write(to writer: inout JSONWriter) {
        writer.object { writer in
            writer.member("external_id", id)
            writer.member("annotation_type", "BUG")
            writer.member("summary", summary)
            writer.present("details", details)
            writer.member("severity", severity)
            if annotation.level == .failure { writer.member("result", "FAILED") }
            guard let path = annotation.path, !path.isEmpty else { return }
            writer.member("path", path)
            if let line = annotation.line, line >= 1 { writer.member("line", line) }
        }
    }

    /// Never empty: Bitbucket refuses the whole batch then.
    private var summary: String {
        let title = SummaryText.line(annotation.title, scalars: 450)
        let isBlank = title.allSatisfy(\.isWhitespace)
        return Bitbucket.filled(isBlank ? SummaryText.line(annotation.message, scalars: 450) : title)
    }

    private var details: String? {
        guard !annotation.message.isEmpty else { return nil }
        let text = SafeText.block(annotation.message, limit: 2_000)
        guard text.unicodeScalars.count > 2_000 else { return text }
        return SafeText.block(annotation.message, limit: 1_900)
    }

    private var severity: String {
        switch annotation.level {
        case .failure: "HIGH"
        case .warning: "MEDIUM"
        case .notice: "LOW"
        }
    }
}
