import CICore
import SystemPackage

/// The keys of `badge:`.
enum BadgeKeys {
    static let badges = Key<[Settings]>(
        "badges", .sections(of: BadgeEntryKeys.section), default: [],
        "The badges that `dt-ci run`, `dt-ci merge` and `dt-ci badge --all` draw of the results.")
    static let directory = Key<String?>(
        "directory", .text(or: "auto"), default: .some(nil),
        "The directory that they are written to, wherever else they go; `auto` = `badges` among the results.")
    static let place = Key<[BadgePlace]>(
        "place", .words(of: BadgePlace.self), default: [],
        """
        Where they are put for a README or a project's page to show: any of these that the forge or the CI service has; \
        `project-badge` is GitLab's. What cannot be put somewhere is a line and changes no verdict.
        """)
    static let branch = Key<String>(
        "branch", .text, default: "badges",
        "The branch that the place `branch` means; made without the code's history where the forge can.")
    static let branches = Key<[String]>(
        "branches", .texts, default: ["default"],
        """
        Globs of the branches whose runs change the places; `default` is the repository's default branch. Runs of pull \
        requests and tags only write the files.
        """)

    static let section = Section(name: "badge", keys: [badges, directory, place, branch, branches])
}

/// The keys of one entry of `badges:` in `badge:`.
enum BadgeEntryKeys {
    static let fact = Key<BadgeFact?>(
        "fact", .word(of: BadgeFact.self, or: "none"), default: .some(nil),
        "What it says of the results; `none` = `label` and `message` alone.")
    static let label = Key<String?>(
        "label", .words(or: "auto"), default: .some(nil),
        "What is spoken of; \"\" = no label, `auto` = the fact's own word.")
    static let message = Key<String?>(
        "message", .words(or: "auto"), default: .some(nil),
        "What is said of it, in place of what the results tell.")
    static let coverage = Key<String?>(
        "coverage", .text(or: "none"), default: .some(nil),
        "For `fact: coverage`: the report, which may be Cobertura, JaCoCo, LCOV, llvm-cov's JSON or Go's profile.")
    static let file = Key<String?>(
        "file", .badgeFile, default: .some(nil),
        """
        The file's name; one that ends in `.json` gets shields.io's endpoint document instead of a picture; `auto` = the \
        fact or the label with `.svg`.
        """)
    static let style = Key<BadgeStyle>(
        "style", .word(of: BadgeStyle.self), default: .flat, "What it looks like; the names are those of shields.io.")
    static let color = Key<String?>(
        "color", .color(or: "auto"), default: .some(nil),
        "The message's colour: a name such as brightgreen, or hexadecimal digits; `auto` = as the results are.")
    static let labelColor = Key<String?>(
        "label-color", .color(or: "auto"), default: .some(nil), "The label's colour; `auto` = grey.")
    static let logo = Key<String?>(
        "logo", .text(or: "none"), default: .some(nil),
        "An SVG file to put before the label; only its shapes are taken.")
    static let logoWidth = Key<Int?>(
        "logo-width", .count(or: "auto"), default: .some(nil),
        "The logo's width in pixels, at most 1000; `auto` = as its shape asks.")
    static let links = Key<[BadgeLink]>(
        "links", .links, default: [], "Where a click leads; two addresses = label and message apart.")
    static let idSuffix = Key<String?>(
        "id-suffix", .text(or: "none"), default: .some(nil),
        "Ends the ids inside, for pages that hold several badges inline.")
    static let contrast = Key<Bool>(
        "contrast", .flag, default: false, "Whether colours give way until text has a contrast of 4.5:1.")

    static let section = Section(
        name: "badges",
        keys: [
            fact, label, message, coverage, file, style, color, labelColor, logo, logoWidth, links, idSuffix, contrast,
        ])
}

extension BadgeSettings {
    /// Relative paths begin at the root.
    init(_ settings: Settings, root: FilePath, results: FilePath) {
        let directory = settings[BadgeKeys.directory] ?? nil
        self.init(
            badges: (settings[BadgeKeys.badges] ?? []).map { BadgeWish($0, root: root) },
            directory: directory.map { root.pushing(FilePath($0)).lexicallyNormalized() }
                ?? results.appending("badges"),
            places: settings[BadgeKeys.place] ?? [], branch: settings[BadgeKeys.branch] ?? "badges",
            sources: settings[BadgeKeys.branches] ?? ["default"])
    }
}

extension BadgeWish {
    fileprivate init(_ settings: Settings, root: FilePath) {
        func path(_ key: Key<String?>) -> FilePath? {
            (settings[key] ?? nil).map { root.pushing(FilePath($0)).lexicallyNormalized() }
        }
        self.init(
            file: Self.fileName(of: settings),
            words: Words(
                fact: settings[BadgeEntryKeys.fact] ?? nil, label: settings[BadgeEntryKeys.label] ?? nil,
                message: settings[BadgeEntryKeys.message] ?? nil, coverage: path(BadgeEntryKeys.coverage)),
            look: BadgeLook(
                color: settings[BadgeEntryKeys.color] ?? nil, labelColor: settings[BadgeEntryKeys.labelColor] ?? nil,
                style: settings[BadgeEntryKeys.style],
                logo: .init(path: path(BadgeEntryKeys.logo), width: settings[BadgeEntryKeys.logoWidth] ?? nil),
                links: settings[BadgeEntryKeys.links] ?? [],
                idSuffix: (settings[BadgeEntryKeys.idSuffix] ?? nil) ?? "",
                isReadable: settings[BadgeEntryKeys.contrast] ?? false))
    }

    /// The name that is given, else the fact's or the label's, as far as its letters are fit for a file.
    static func fileName(of settings: Settings) -> String {
        if let file = settings[BadgeEntryKeys.file] ?? nil { return file }
        let label = (settings[BadgeEntryKeys.label] ?? nil) ?? ""
        let word = (settings[BadgeEntryKeys.fact] ?? nil)?.rawValue ?? label
        let plain = word.lowercased().map { $0.isASCII && ($0.isLetter || $0.isNumber) ? $0 : "-" }
        let name = String(plain.prefix(60)).split(separator: "-").joined(separator: "-")
        return "\(name.isEmpty ? "badge" : name).svg"
    }
}
