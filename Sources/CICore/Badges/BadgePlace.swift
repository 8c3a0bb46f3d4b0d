/// A place that a badge can be put, for a README or a project's page to show.
package enum BadgePlace: String, Sendable, CaseIterable {
    case branch
    case gist
    case packages
    case projectBadge = "project-badge"
    case downloads
    case artifacts

    /// Whether everybody sees it there: a fork's pull request must not change it.
    package var isPublic: Bool { self != .artifacts }
}
