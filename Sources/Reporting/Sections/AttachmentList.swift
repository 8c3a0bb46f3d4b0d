import CICore

/// What a test or a run left behind, as lines of a report.
struct AttachmentList: Sendable {
    let lines: [ReportPart.Line]
    /// More of one test are not worth the room.
    private static let limit = 20

    /// What a test's reports named and what was collected of it; a file is named once.
    init(of test: TestRecord, in results: RunResults) {
        let collected = results.artifacts.filter { $0.test == test.id }
        // What a run kept it names as seen from the project, and collects as seen from the results.
        let known = Set(collected.flatMap { [$0.name, $0.path ?? $0.name, Self.fileName($0.path ?? $0.name)] })
        let named = test.attachments.filter { !known.contains($0) && !known.contains(Self.fileName($0)) }
        lines = Array(
            (collected.map { Self.line(of: $0) }
                + named.map { Self.line(named: $0) })
                .prefix(Self.limit))
    }

    /// A path that a report named: a link where it can be one.
    private static func line(named path: String) -> ReportPart.Line {
        ReportPart.Line(text: path, links: relative(path).map { [ReportPart.Link(title: path, url: $0)] } ?? [])
    }

    /// An artifact with its size and where it is.
    static func line(of artifact: RunArtifact) -> ReportPart.Line {
        var links = artifact.places.map { place in
            // Such an address is a path or a bucket's, which leads nowhere from a page.
            place.isCalledByAddress
                ? ReportPart.Link(title: place.text, url: nil) : ReportPart.Link(title: place.title, url: place.url)
        }
        if links.isEmpty, let path = artifact.path { links = [.init(title: path, url: relative(path))] }
        return ReportPart.Line(text: artifact.name, note: ", \(size(artifact.size))", links: links)
    }

    /// A path that stays below the report itself, as a link; `nil` for any other.
    static func relative(_ path: String) -> String? {
        let isBelow =
            !path.isEmpty && !path.hasPrefix("/") && !path.contains(":") && !path.contains("\\")
            && !path.split(separator: "/").contains("..")
        return isBelow ? "./\(path)" : nil
    }

    /// `12 B`, `3.4 kB`, `120 MB`
    static func size(_ bytes: Int64) -> String {
        var value = Double(max(0, bytes))
        var unit = 0
        let units = ["B", "kB", "MB", "GB", "TB"]
        while value >= 999.5, unit < units.count - 1 {
            value /= 1000
            unit += 1
        }
        return "\(DurationText.decimal(value, places: unit > 0 && value < 99.95 ? 1 : 0)) \(units[unit])"
    }

    private static func fileName(_ path: String) -> String { path.split(separator: "/").last.map(String.init) ?? path }
}
