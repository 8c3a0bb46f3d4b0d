import CICore
import CIProviders
import Orchestrator
import Reporting
import SystemPackage

/// Puts badges where a README or a project's page shows them.
struct BadgePublication {
    let settings: BadgeSettings
    let desk: PublishDesk
    let root: FilePath
    let environment: [String: String]

    /// Puts them at the places of the configuration if this build is one to do so, and says what became of each.
    func put(_ badges: [LocalReport]) async -> [PublishLine] {
        guard !badges.isEmpty, !settings.places.isEmpty else { return [] }
        let occasion = BadgeOccasion(
            settings: settings, detection: desk.detection, defaultBranch: await defaultBranch())
        if let obstacle = occasion.obstacle { return [PublishLine("badges", .needless(obstacle))] }
        return await put(badges, at: settings.places)
    }

    /// Puts them at these places, whatever is built; never for a fork.
    func put(_ badges: [LocalReport], at places: [BadgePlace]) async -> [PublishLine] {
        var lines: [PublishLine] = []
        for place in places { lines += await place.put(badges, on: branch, by: desk.publisher) }
        return lines
    }

    /// A variable wins over the file.
    private var branch: String {
        environment["DTCI_FILES_BRANCH"].flatMap { $0.isEmpty ? nil : $0 } ?? settings.branch
    }

    /// The CI service's word, else what the clone remembers of its origin.
    private func defaultBranch() async -> String? {
        if let known = desk.detection.context.repository.defaultBranch { return known }
        return await WorkingCopy(root: root, environment: environment).defaultBranch()
    }
}
