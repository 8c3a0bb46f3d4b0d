/// What a forge makes of Markdown.
package struct MarkdownDialect: Sendable, Hashable {
    package let id: String
    /// `<details>` folds; elsewhere its tags would be shown or dropped.
    package let hasDetails: Bool
    /// Pipe tables work reliably; elsewhere lists stand in.
    package let hasTables: Bool
    /// HTML comments are hidden; elsewhere a marker is the target of an empty link.
    package let hidesComments: Bool

    package static let gitHub = Self(id: "github", hasDetails: true, hasTables: true, hidesComments: true)
    package static let gitLab = Self(id: "gitlab", hasDetails: true, hasTables: true, hidesComments: true)
    package static let azure = Self(id: "azure", hasDetails: false, hasTables: true, hidesComments: true)
    package static let bitbucket = Self(id: "bitbucket", hasDetails: false, hasTables: false, hidesComments: false)
}
