import CICore

/// A remark of a check run, within the limits of GitHub's description.
struct GitHubAnnotation: Sendable, Hashable {
    let path: String
    let line: Int
    let level: String
    let title: String
    let message: String

    /// `nil` for a remark without a place in the repository: the API wants one.
    init?(_ annotation: LineAnnotation) {
        guard let path = annotation.path, Self.isInRepository(path) else { return nil }
        self.path = path
        line = max(1, annotation.line ?? 1)
        level = annotation.level.rawValue
        title = SummaryText.line(annotation.title, scalars: 255)
        // 64 KB, a part of which the note about what was left out may need.
        let message = SafeText.block(annotation.message, limit: 60_000)
        self.message = message.isEmpty ? title : message
    }

    /// As the API lists it.
    init?(_ json: JSONValue) {
        guard let path = json["path"]?.string, let line = json["start_line"]?.int else { return nil }
        self.path = path
        self.line = line
        level = json["annotation_level"]?.string ?? ""
        title = json["title"]?.string ?? ""
        message = json["message"]?.string ?? ""
    }

    private static func isInRepository(_ path: String) -> Bool {
        !path.isEmpty && !path.hasPrefix("/") && !path.contains("\\") && path.utf8.count < 4_096
            && !path.split(separator: "/").contains("..")
    }

    /// Bytes of its text, roughly what it adds to a request.
    private var size: Int { path.utf8.count + title.utf8.count + message.utf8.count }

    /// In parts for one request each: at most 50, and not more than about a megabyte.
    static func parts(_ all: [Self]) -> [[Self]] {
        var parts: [[Self]] = []
        var size = 0
        for annotation in all {
            if let last = parts.last, last.count < 50, size + annotation.size <= 1 << 20 {
                parts[parts.count - 1].append(annotation)
                size += annotation.size
            } else {
                parts.append([annotation])
                size = annotation.size
            }
        }
        return parts
    }

    func write(to json: inout JSONWriter) {
        json.object { json in
            for (name, value) in [("annotation_level", level), ("path", path), ("message", message)] {
                json.key(dynamic: name)
                json.value(value)
            }
            if !title.isEmpty {
                json.key("title")
                json.value(title)
            }
            for name in ["start_line", "end_line"] {
                json.key(dynamic: name)
                json.value(line)
            }
        }
    }
}
