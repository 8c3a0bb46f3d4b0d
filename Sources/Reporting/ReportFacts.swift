/// What a reader wants to know beside the results.
package struct ReportFacts: Sendable, Hashable {
    /// The heading's first words, such as `dt-ci` or `dt-ci / linux`.
    package var title: String
    package var commit: String?
    /// The page of the build.
    package var url: String?
    /// The command that runs the same tests again, for advice.
    package var again: [String]

    package init(title: String, commit: String? = nil, url: String? = nil, again: [String] = ["dt-ci", "run"]) {
        self.again = again
        self.title = title
        self.commit = commit
        self.url = url
    }
}
