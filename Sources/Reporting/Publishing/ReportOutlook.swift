package import CIProviders

/// Where one report of a run would go, found out without posting it.
package struct ReportOutlook: Sendable, Hashable {
    /// What people call it, such as `verdict`.
    package var report: String
    /// The places that would be tried, in order; the first that holds ends it.
    package var rungs: [Rung]
    /// Why there is nothing to do; then there are no rungs.
    package var needless: String?

    package init(_ report: String, rungs: [Rung] = [], needless: String? = nil) {
        self.report = report
        self.rungs = rungs
        self.needless = needless
    }

    /// One place on the ladder.
    package struct Rung: Sendable, Hashable {
        /// Such as `check run`.
        package var name: String
        /// Such as `on acme/app@1a2b3c4`; empty where the name says it.
        package var place: String
        /// What the API must allow; `nil` for places that need none.
        package var capability: Capability?
        package var standing: Standing

        package init(
            _ name: String, _ place: String = "", _ capability: Capability? = nil, _ standing: Standing = .holds
        ) {
            self.name = name
            self.place = place
            self.capability = capability
            self.standing = standing
        }

        /// Name and place.
        package var text: String { place.isEmpty ? name : "\(name) \(place)" }
    }

    /// Whether a rung holds.
    package enum Standing: Sendable, Hashable {
        case holds
        /// Only posting shows it.
        case untold
        case refused(Obstacle)

        package var obstacle: Obstacle? {
            guard case .refused(let obstacle) = self else { return nil }
            return obstacle
        }
    }

    /// The rung that would be used; `nil` where none holds.
    package var used: Rung? { rungs.first { $0.standing.obstacle == nil } }
}
