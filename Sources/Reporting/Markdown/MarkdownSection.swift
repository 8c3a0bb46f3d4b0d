/// One part of a report: a title and items, each of which stays whole or goes.
struct MarkdownSection {
    let title: String
    /// What one item is, for "… and 3 more"; `nil` where leaving some out needs no words.
    let noun: String?
    let separator: String
    private(set) var items: [String]
    /// Of the things themselves, where fewer are among the items.
    private(set) var total: Int

    init(title: String, noun: String?, separator: String = "\n", items: some Sequence<String>, total: Int? = nil) {
        self.title = title
        self.noun = noun
        self.separator = separator
        self.items = Array(items)
        self.total = total ?? self.items.count
    }

    /// Sections one below the other, as much of them as fits. What does not is left out with a line that says so, or, if
    /// the text goes on elsewhere, returned.
    static func join(
        _ sections: [Self], within budget: TextBudget, goesOn: Bool = false
    ) -> (text: String, rest: [Self]) {
        guard goesOn else { return (shared(sections, within: budget), []) }
        var left = budget
        var parts: [String] = []
        for (index, section) in sections.enumerated() {
            let (part, rest) = section.head(within: left, goesOn: true)
            if let part {
                parts.append(part)
                left = left - TextBudget(part + gap)
            }
            guard !rest.items.isEmpty else { continue }
            return (parts.joined(separator: gap), [rest] + sections[(index + 1)...])
        }
        return (parts.joined(separator: gap), [])
    }

    private static let gap = "\n\n"

    /// So that no section takes all the room from those behind it, each has at first no more than a share of what is
    /// left; what is then still there goes to those that need more, the first ones first.
    private static func shared(_ sections: [Self], within budget: TextBudget) -> String {
        var left = budget
        var parts: [(text: String?, isWhole: Bool)] = sections.indices.map { index in
            let share = index == sections.count - 1 ? left : left.multiplied(by: 3).divided(by: 5)
            let (text, rest) = sections[index].head(within: share, goesOn: false)
            if let text { left = left - TextBudget(text + gap) }
            return (text, rest.items.isEmpty)
        }
        for index in sections.indices where !parts[index].isWhole {
            let all = parts[index].text.map { left + TextBudget($0 + gap) } ?? left
            guard let text = sections[index].head(within: all, goesOn: false).text else { continue }
            parts[index].text = text
            left = all - TextBudget(text + gap)
        }
        return parts.compactMap(\.text).joined(separator: gap)
    }

    /// As many items as fit, `nil` if not even one does, and the section that remains. A text that does not go on says
    /// how many items are missing.
    private func head(within budget: TextBudget, goesOn: Bool) -> (text: String?, rest: Self) {
        let gap = title.hasSuffix("|") ? "\n" : Self.gap
        var left = budget - TextBudget(title + gap + (goesOn ? "" : note(of: total)))
        var count = 0
        for item in items {
            let size = TextBudget(item + separator)
            guard left.holds(size) else { break }
            left = left - size
            count += 1
        }
        var rest = self
        rest.items.removeFirst(count)
        rest.total -= count
        guard count > 0 else { return (nil, rest) }
        let isDone = goesOn ? rest.items.isEmpty : true
        let text = title + gap + items[..<count].joined(separator: separator) + (isDone ? note(of: rest.total) : "")
        return (text, rest)
    }

    private func note(of missing: Int) -> String {
        guard let noun, missing > 0 else { return "" }
        return "\n\n… and \(RunSentence.count(missing, "more \(noun)"))"
    }
}
