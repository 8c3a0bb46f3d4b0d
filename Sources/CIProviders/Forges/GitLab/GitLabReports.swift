import CICore
import Crypto

/// The report files that GitLab reads out of a job's artifacts.
package enum GitLabReports {
    /// A link on the job's page.
    package struct Link: Sendable, Hashable {
        package var label: String
        package var url: String

        package init(label: String, url: String) {
            self.label = label
            self.url = url
        }
    }

    /// Both files for the failures of a run: findings, and links to the lines they point to.
    @Sendable static func files(
        for annotations: [LineAnnotation], of context: BuildContext
    ) -> [(name: String, bytes: [UInt8])] {
        let repository = context.repository
        let links = annotations.prefix(50).compactMap { annotation -> Link? in
            guard let host = repository.host, let slug = repository.slug, let commit = context.source.commit,
                let path = annotation.path
            else { return nil }
            let place = APIPath("/\(path: slug)/-/blob/\(commit)/\(path: path)").text
            return Link(
                label: annotation.title, url: "https://\(host)\(place)" + (annotation.line.map { "#L\($0)" } ?? ""))
        }
        return [
            ("gl-code-quality-report.json", codeQuality(annotations)),
            ("gl-annotations.json", self.annotations(heading: "Failures", links)),
        ]
    }

    /// `artifacts:reports:codequality`: one finding for each annotation that has a place in the tree.
    package static func codeQuality(_ annotations: [LineAnnotation]) -> [UInt8] {
        var writer = JSONWriter(capacity: annotations.count * 300)
        var twins: [String: Int] = [:]
        writer.array { writer in
            for annotation in annotations {
                guard let path = annotation.path.map({ place($0) }), !path.isEmpty else { continue }
                // Of two findings with one fingerprint GitLab shows but one.
                let twin = twins[annotation.key, default: 0]
                twins[annotation.key] = twin + 1
                let key = twin == 0 ? annotation.key : "\(annotation.key)\n\(twin)"
                write(
                    annotation, path: path, fingerprint: Hexadecimal.text(of: SHA256.hash(data: Array(key.utf8))),
                    to: &writer)
            }
        }
        return writer.bytes
    }

    /// `artifacts:reports:annotations`: links beside the job's log, under one heading. What leads nowhere on the web is
    /// left out.
    package static func annotations(heading: String, _ links: [Link]) -> [UInt8] {
        var writer = JSONWriter()
        writer.object { writer in
            writer.key(dynamic: SummaryText.line(heading, scalars: 200))
            writer.array(links.filter { SummaryText.link($0.url) != nil }) { writer, link in
                writer.object { writer in
                    writer.key("external_link")
                    writer.object { writer in
                        writer.member("label", SummaryText.line(link.label, scalars: 200))
                        writer.member("url", SummaryText.link(link.url))
                    }
                }
            }
        }
        return writer.bytes
    }

    private static func write(
        _ annotation: LineAnnotation, path: String, fingerprint: String, to writer: inout JSONWriter
    ) {
        writer.object { writer in
            writer.member("description", description(of: annotation))
            writer.member("check_name", "dt-ci")
            writer.member("fingerprint", fingerprint)
            writer.member("severity", annotation.level.gitLabWord)
            writer.key("location")
            writer.object { writer in
                writer.member("path", path)
                writer.key("lines")
                writer.object { $0.member("begin", max(1, annotation.line ?? 1)) }
            }
        }
    }

    /// GitLab matches paths with those of the difference, which never begin with `./`.
    private static func place(_ path: String) -> String {
        path.hasPrefix("./") ? String(path.dropFirst(2)) : path
    }

    private static func description(of annotation: LineAnnotation) -> String {
        let text = annotation.message.isEmpty ? annotation.title : "\(annotation.title): \(annotation.message)"
        return SummaryText.line(text, scalars: 1_000)
    }
}

extension LineAnnotation.Level {
    /// The word of GitLab's Code Quality report.
    fileprivate var gitLabWord: String {
        switch self {
        case .notice: "info"
        case .warning: "minor"
        case .failure: "major"
        }
    }
}
