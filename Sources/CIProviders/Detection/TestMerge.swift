/// A commit that is no head, such as a merge which the CI service made only to test it: its parents tell the head.
struct TestMerge: Sendable, Hashable {
    /// How sure that is, and which parent the head is.
    enum Kind: Sendable, Hashable {
        /// A forge's own merge ref: the second parent is the head.
        case ofForge
        /// One that Jenkins may have made on the agent, of the target into the head; its message gives it away.
        case perhapsOfJenkins
        /// The target's tip, which runs though another head is meant: no parent of it is the head.
        case base
    }

    let commit: String
    /// The variable that named it.
    let source: String
    let kind: Kind

    /// The head by what `git cat-file commit` prints of the merge; `nil` for a commit that is none.
    func head(in object: String) -> String? {
        let lines = object.split(separator: "\n", omittingEmptySubsequences: false)
        let header = lines.prefix { !$0.isEmpty }
        let parents = header.filter { $0.hasPrefix("parent ") }.map { String($0.dropFirst("parent ".count)) }
        guard parents.count == 2 else { return nil }
        switch kind {
        case .base: return nil
        case .ofForge: return parents[1]
        case .perhapsOfJenkins:
            // Git's words for a merge of a bare commit; a person's merge names a branch.
            let subject = lines.dropFirst(header.count + 1).first ?? ""
            return subject.hasPrefix("Merge commit '") && subject.hasSuffix("' into HEAD") ? parents[0] : nil
        }
    }
}
