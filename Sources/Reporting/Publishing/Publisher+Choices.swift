import CICore
import CIProviders

/// What the settings, the forge and the CI service make of each report: what posting and the outlook on it go by.
extension Publisher {
    var wantsVerdict: Bool { run.settings.verdict != .none && run.scope != .node }

    var usesCheck: Bool { run.settings.verdict == .auto || run.settings.verdict == .check }

    /// Whether a check or report is the first rung for the verdict.
    func asksForReport(_ forge: Forge) -> Bool { usesCheck && forge.capabilities.contains(.annotatedReport) }

    func asksForPullRequestStatus(_ forge: Forge) -> Bool {
        forge.capabilities.contains(.pullRequestStatus) && run.context.pullRequest != nil
    }

    var wantsComment: Bool {
        run.settings.comment != .never && run.context.pullRequest != nil && run.scope != .node
    }

    /// The page is the comment's next rung, and a place of its own where the service shows it.
    func wantsPage(commentIsRefused: Bool) -> Bool {
        run.settings.summarizes && (sinks.page.isShown || commentIsRefused)
    }

    var pageName: String { sinks.page.isShown ? "job summary" : "page" }

    /// The first shelf of that kind that is open, and the first of all.
    func shelves(for capability: Capability) -> (open: Access<any FileShelf>?, first: Access<any FileShelf>?) {
        let shelves = [forge?.connection.shelves[capability], service.connection?.shelves[capability]]
            .compactMap(\.self)
        return (shelves.first { $0.port != nil }, shelves.first)
    }

    static func noShelf(_ capability: Capability) -> String {
        "neither this forge nor this CI service has a place for \(capability.rawValue)"
    }

    static let noForge = "no forge is known for this build"
}
