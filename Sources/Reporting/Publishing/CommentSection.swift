package import CIProviders

/// What one job of a build says in the comment that all its jobs share.
package struct CommentSection: Sendable, Hashable {
    /// The job's name among the others: what it said before is replaced.
    package var key: String
    package var commit: String
    package var order: Order
    /// Always shown.
    package var head: String
    /// Left out where the comment would get too long.
    package var details: String

    package init(key: String, commit: String, order: Order, head: String, details: String) {
        self.key = key
        self.commit = commit
        self.order = order
        self.head = head
        self.details = details
    }

    /// Which of two reports of the same job is the newer one.
    package struct Order: Sendable, Hashable, Comparable {
        /// The service's number of the run, where it counts upwards.
        package var run: Int
        /// 1-based.
        package var attempt: Int
        /// Seconds since 1970 at the start of the run, which a pending report and the final one share, and whether it
        /// is the final one.
        package var start: Int
        package var isFinal: Bool

        package init(run: Int = 0, attempt: Int = 1, start: Int, isFinal: Bool) {
            self.run = run
            self.attempt = attempt
            self.start = start
            self.isFinal = isFinal
        }

        package static func < (left: Self, right: Self) -> Bool {
            (left.run, left.attempt, left.start, left.isFinal ? 1 : 0)
                < (right.run, right.attempt, right.start, right.isFinal ? 1 : 0)
        }
    }
}

/// A comment of ours as sections, read from and written to Markdown.
package struct SectionedComment: Sendable, Hashable {
    /// What tells it from other comments of ours on the same pull request.
    package let name: String
    /// In the order of their keys.
    package private(set) var sections: [CommentSection]

    package init(name: String, sections: [CommentSection] = []) {
        self.name = name
        self.sections = sections
    }

    /// Reads a comment; `nil` if it is not ours or another of ours.
    package init?(_ body: String, name: String) {
        let lines = body.split(separator: "\n", omittingEmptySubsequences: false)
        guard let first = lines.lazy.compactMap({ HiddenMark(line: $0) }).first, first.word == "comment",
            first.values["name"] == name
        else { return nil }
        self.name = name
        sections = []
        var reader = SectionReader()
        for line in lines {
            if let section = reader.read(line) { sections.append(section) }
        }
    }

    /// Takes a section in, where nothing newer stands in its place. Sections of other commits go when a newer one comes.
    /// Returns whether the section now stands.
    @discardableResult
    package mutating func take(_ section: CommentSection) -> Bool {
        let isStale = sections.contains { other in
            other.order > section.order && (other.key == section.key || other.commit != section.commit)
        }
        guard !isStale else { return false }
        sections.removeAll { $0.key == section.key || $0.commit != section.commit }
        sections.append(section)
        sections.sort { $0.key < $1.key }
        return true
    }

    /// The section of a job.
    package subscript(key: String) -> CommentSection? { sections.first { $0.key == key } }

    /// The mark that is part of every comment of that name.
    package static func mark(name: String, in dialect: MarkdownDialect) -> String {
        HiddenMark("comment", ["name": name]).text(in: dialect)
    }

    /// The Markdown; details go, the longest first, until it fits.
    package func text(in dialect: MarkdownDialect, within budget: TextBudget) -> String {
        var shown = sections
        var text = Self.text(shown, name: name, in: dialect)
        while !budget.holds(TextBudget(text)) {
            guard let longest = shown.indices.max(by: { shown[$0].details.utf8.count < shown[$1].details.utf8.count }),
                !shown[longest].details.isEmpty
            else { return Self.heads(shown, name: name, in: dialect, within: budget) }
            shown[longest].details = ""
            text = Self.text(shown, name: name, in: dialect)
        }
        return text
    }

    /// So many jobs that not even their heads fit: as many as do, and how many do not.
    private static func heads(
        _ sections: [CommentSection], name: String, in dialect: MarkdownDialect, within budget: TextBudget
    ) -> String {
        var shown = sections
        while !shown.isEmpty {
            shown.removeLast(max(1, shown.count / 8))
            let text = text(shown, name: name, in: dialect) + "\n\n… and \(sections.count - shown.count) more jobs\n"
            if budget.holds(TextBudget(text)) { return text }
        }
        return mark(name: name, in: dialect) + "\n"
    }

    private static func text(_ sections: [CommentSection], name: String, in dialect: MarkdownDialect) -> String {
        let parts = sections.map { section in
            let order = section.order
            let mark = HiddenMark(
                "section",
                [
                    "key": section.key, "commit": section.commit, "run": String(order.run),
                    "attempt": String(order.attempt), "start": String(order.start), "final": order.isFinal ? "1" : "0",
                ])
            var lines = [mark.text(in: dialect), "", section.head]
            if !section.details.isEmpty {
                lines += ["", HiddenMark("details").text(in: dialect), "", section.details]
            }
            lines += ["", HiddenMark("end").text(in: dialect)]
            return lines.joined(separator: "\n")
        }
        return ([mark(name: name, in: dialect)] + parts).joined(separator: "\n\n") + "\n"
    }
}

/// Reads sections line by line; one that does not end is dropped.
private struct SectionReader {
    private var current: CommentSection?
    private var isInDetails = false
    private var lines: [Substring] = []

    mutating func read(_ line: Substring) -> CommentSection? {
        guard let mark = HiddenMark(line: line) else {
            if current != nil { lines.append(line.last == "\r" ? line.dropLast() : line) }
            return nil
        }
        switch mark.word {
        case "section":
            current = CommentSection(mark)
            isInDetails = false
            lines = []
        case "details":
            let head = text()
            current?.head = head
            isInDetails = true
        case "end":
            defer { current = nil }
            let rest = text()
            if isInDetails { current?.details = rest } else { current?.head = rest }
            return current
        default: break
        }
        return nil
    }

    private mutating func text() -> String {
        defer { lines = [] }
        var trimmed = lines[...]
        while trimmed.first?.isEmpty == true { trimmed.removeFirst() }
        while trimmed.last?.isEmpty == true { trimmed.removeLast() }
        return trimmed.joined(separator: "\n")
    }
}

extension CommentSection {
    fileprivate init?(_ mark: HiddenMark) {
        guard let key = mark.values["key"], let commit = mark.values["commit"] else { return nil }
        func number(_ name: String) -> Int { mark.values[name].flatMap { Int($0) } ?? 0 }
        let order = Order(
            run: number("run"), attempt: number("attempt"), start: number("start"),
            isFinal: mark.values["final"] == "1")
        self.init(key: key, commit: commit, order: order, head: "", details: "")
    }
}
