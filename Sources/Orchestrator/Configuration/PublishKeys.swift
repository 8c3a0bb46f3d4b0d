import CICore
import Yams

/// The keys of `publish:`.
enum PublishKeys {
    static let when = Key<PublishSettings.Occasion>(
        "when", .word(of: PublishSettings.Occasion.self), default: .auto,
        "Whether `dt-ci run` publishes its results: `auto` = in a CI service, and not elsewhere.")
    static let verdict = Key<PublishSettings.VerdictPlace>(
        "verdict", .word(of: PublishSettings.VerdictPlace.self), default: .auto,
        """
        Where the verdict on the commit goes: `check` = a check run or Code Insights report with annotations, `status` = a \
        commit status, `auto` = a check where that is possible, else a status.
        """)
    static let comment = Key<PublishSettings.CommentPolicy>(
        "comment", .word(of: PublishSettings.CommentPolicy.self), default: .always,
        "Whether a pull request gets a comment: `failures` = only once something failed.")
    static let annotations = Key<Bool>(
        "annotations", .flag, default: true, "Whether failures are marked on their lines.")
    static let summary = Key<Bool>(
        "summary", .flag, default: true, "Whether a page goes to the CI service's own job summary, where it has one.")
    static let files = Key<[PublishSettings.FilePlace]>(
        "files", .words(of: PublishSettings.FilePlace.self), default: [],
        """
        Where `junit.xml` and `results.json` are put for others to fetch: any of artifacts, packages, downloads, branch \
        and gist that the forge or the CI service has.
        """)
    static let name = Key<String>(
        "name", .suiteName, default: "dt-ci", "What the status, the check and the comment are called.")
    static let section = Key<String?>(
        "section", .text(or: "auto"), default: .some(nil),
        """
        What tells this job from the others that write to the same comment, such as a matrix leg's name; `auto` = the \
        job's name and node.
        """)
    static let progress = Key<Duration?>(
        "progress", .duration(or: "none"), default: .seconds(30),
        "How often a running status is brought up to date, at most.")
    static let budget = Key<Duration?>(
        "budget", .duration(or: "none"), default: .seconds(60), "How long all reporting may take together.")
    static let strict = Key<Bool>(
        "strict", .flag, default: false,
        "Whether a report that could not be posted as asked ends a run that passed with exit code 4.")

    static let all = Section(
        name: "publish",
        keys: [when, verdict, comment, annotations, summary, files, name, section, progress, budget, strict])
}

/// The keys of `forge:`.
enum ForgeKeys {
    static let kind = Key<String?>(
        "kind", .text(or: "auto"), default: .some(nil),
        """
        What holds the code: github, gitlab, bitbucket, azure-repos, gitea or forgejo; `auto` = as the CI service and the \
        repository's URL tell.
        """)
    static let api = Key<String?>(
        "api", .text(or: "auto"), default: .some(nil),
        "The base URL of its API, such as `https://git.example.com/api/v4`; `auto` = the one of its host.")

    static let section = Section(name: "forge", keys: [kind, api])
}

extension PublishSettings {
    init(_ settings: Settings) {
        self.init(
            when: settings[PublishKeys.when] ?? .auto, verdict: settings[PublishKeys.verdict] ?? .auto,
            comment: settings[PublishKeys.comment] ?? .always, annotates: settings[PublishKeys.annotations] ?? true,
            summarizes: settings[PublishKeys.summary] ?? true, files: settings[PublishKeys.files] ?? [],
            labels: Labels(
                name: settings[PublishKeys.name] ?? "dt-ci", section: settings[PublishKeys.section] ?? nil),
            delivery: Delivery(
                progress: settings[PublishKeys.progress] ?? nil,
                budget: (settings[PublishKeys.budget] ?? nil) ?? .seconds(3600),
                isStrict: settings[PublishKeys.strict] ?? false))
    }
}

extension ForgeSettings {
    init(_ settings: Settings) {
        self.init(kind: settings[ForgeKeys.kind] ?? nil, api: settings[ForgeKeys.api] ?? nil)
    }
}

extension Shape where Value: RawRepresentable & CaseIterable, Value.RawValue == String {
    /// One of an enumeration's words.
    static func word(of type: Value.Type) -> Self {
        let words = Value.allCases.map(\.rawValue)
        return Shape(words.joined(separator: ", "), type: .word(words), parse: Value.init(rawValue:), show: \.rawValue)
    }
}

extension Shape {
    /// A list of an enumeration's words, or one of them.
    static func words<Word: RawRepresentable & CaseIterable & Sendable>(
        of type: Word.Type
    ) -> Shape<[Word]> where Value == [Word], Word.RawValue == String {
        let word = Shape<Word>.word(of: type)
        return Shape(
            "a list of \(word.expectation)", type: .either([word.type, .list(word.type)]),
            show: { words in ShownValue.list(words.map(\.rawValue)) },
            read: { node, reading in
                guard case .sequence(let items) = node else { return word.read(node, &reading).map { [$0] } }
                let words = items.map { word.read($0, &reading) }
                return words.contains { $0 == nil } ? nil : words.compactMap(\.self)
            })
    }
}

extension Shape where Value == String? {
    /// Any text, or a word for "not fixed".
    static func text(or word: String) -> Self {
        Shape(
            "text, or \(word)", type: .text(),
            parse: { text in text == word ? .some(nil) : text.isEmpty ? nil : .some(text) }, show: { $0 ?? word })
    }
}
