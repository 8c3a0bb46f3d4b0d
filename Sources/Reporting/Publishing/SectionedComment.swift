package import CIProviders

/// A comment of ours as sections, read from and written to Markdown.
package struct SectionedComment: Sendable, Hashable {
    /// What tells it from other comments of ours on the same pull request.
    package let name: String
    /// In the order of their keys.
    package private(set) var sections: [CommentSection]
    /// What the jobs' last runs came to, those of one job next to each other, the newer one first.
    package private(set) var memories: [CommentMemory] = []

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
            if let memory = HiddenMark(line: line).flatMap(CommentMemory.init) { memories.append(memory) }
        }
        memories = Array(memories.prefix(CommentMemory.jobs * CommentMemory.runsPerJob))
    }

    /// Takes in what a run came to. An earlier run of the same job and commit gives way.
    package mutating func remember(_ memory: CommentMemory) {
        let others = memories.filter { $0.key != memory.key }
        let own = memories.filter { $0.key == memory.key && $0.commit != memory.commit }
        // The job that spoke last comes first, so that jobs that are no more go first.
        memories = [memory] + own.prefix(CommentMemory.runsPerJob - 1) + others
        memories = Array(memories.prefix(CommentMemory.jobs * CommentMemory.runsPerJob))
    }

    /// Takes in what another comment of ours remembers of jobs that this one knows nothing of.
    mutating func join(_ other: [CommentMemory]) {
        for memory in other.reversed()
        where !memories.contains(where: { $0.key == memory.key && $0.commit == memory.commit }) {
            remember(memory)
        }
    }

    /// The last run of a job on another commit than this one.
    package func memory(of key: String, before commit: String?) -> CommentMemory? {
        memories.first { $0.key == key && $0.commit != commit }
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

    /// The Markdown; what is remembered has at most a quarter of the room, and details go, the longest first, until it
    /// fits.
    package func text(in dialect: MarkdownDialect, within budget: TextBudget) -> String {
        let tail = tail(in: dialect, within: budget.divided(by: 4))
        let budget = budget - TextBudget(tail)
        var shown = sections
        var text = Self.text(shown, name: name, in: dialect)
        while !budget.holds(TextBudget(text)) {
            guard let longest = shown.indices.max(by: { shown[$0].details.utf8.count < shown[$1].details.utf8.count }),
                !shown[longest].details.isEmpty
            else { return Self.heads(shown, name: name, in: dialect, within: budget) + tail }
            shown[longest].details = ""
            text = Self.text(shown, name: name, in: dialect)
        }
        return text + tail
    }

    /// The marks of what is remembered, as many as fit.
    private func tail(in dialect: MarkdownDialect, within budget: TextBudget) -> String {
        var text = ""
        for memory in memories {
            let line = "\n\(memory.mark.text(in: dialect))\n"
            guard budget.holds(TextBudget(text + line)) else { break }
            text += line
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

extension CommentMemory {
    fileprivate init?(_ mark: HiddenMark) {
        guard mark.word == "memory", let key = mark.values["key"], let commit = mark.values["commit"],
            let data = mark.values["data"]
        else { return nil }
        self.init(key: key, commit: commit, data: data)
    }

    fileprivate var mark: HiddenMark { HiddenMark("memory", ["key": key, "commit": commit, "data": data]) }
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
