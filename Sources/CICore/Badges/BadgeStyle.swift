/// What a badge looks like; the names are those of shields.io.
package enum BadgeStyle: String, Sendable, CaseIterable {
    case flat
    case flatSquare = "flat-square"
    case plastic
    case forTheBadge = "for-the-badge"
    case social

    /// All names, for messages.
    package static var names: String { allCases.map(\.rawValue).joined(separator: ", ") }
}
