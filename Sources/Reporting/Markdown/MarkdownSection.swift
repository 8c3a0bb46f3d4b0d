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
        var left = budget
        var parts: [String] = []
        for (index, section) in sections.enumerated() {
            let (part, rest) = section.head(within: left, goesOn: goesOn)
            if let part {
                parts.append(part)
                left = left - TextBudget(part + "\n\n")
            }
            guard goesOn, let rest else { continue }
            return (parts.joined(separator: "\n\n"), [rest] + sections[(index + 1)...])
        }
        return (parts.joined(separator: "\n\n"), [])
    }

    /// As many items as fit, `nil` if not even one does, and the section that remains. A text that does not go on says
    /// how many items are missing.
    private func head(within budget: TextBudget, goesOn: Bool) -> (text: String?, rest: Self?) {
        let gap = title.hasSuffix("|") ? "\n" : "\n\n"
        var left = budget - TextBudget(title + gap + (goesOn ? "" : note(of: total)))
        var taken: [String] = []
        for item in items {
            let size = TextBudget(item + separator)
            guard left.holds(size) else { break }
            left = left - size
            taken.append(item)
        }
        var rest = self
        rest.items.removeFirst(taken.count)
        rest.total -= taken.count
        let isDone = goesOn ? rest.items.isEmpty : true
        guard !taken.isEmpty else { return (nil, isDone ? nil : rest) }
        let text = title + gap + taken.joined(separator: separator) + (isDone ? note(of: rest.total) : "")
        return (text, isDone ? nil : rest)
    }

    private func note(of missing: Int) -> String {
        guard let noun, missing > 0 else { return "" }
        return "\n\n… and \(RunSentence.count(missing, "more \(noun)"))"
    }
}
