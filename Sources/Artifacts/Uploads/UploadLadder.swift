import CICore

/// Decides which place gets an artifact: the first of the list that is alive, may take it and does.
package struct UploadLadder: Sendable {
    /// A place as the ladder sees it.
    package struct Rung: Sendable, Hashable {
        package var title: String
        package var form: PlaceForm
        package var limits: PlaceLimits

        package init(title: String, form: PlaceForm, limits: PlaceLimits) {
            self.title = title
            self.form = form
            self.limits = limits
        }
    }

    /// What is known of an artifact before it is sent.
    package struct Freight: Sendable, Hashable {
        /// In bytes.
        package var total: Int64
        /// The path and the size of the largest file.
        package var largestPath = ""
        package var largestSize: Int64 = 0

        package init(total: Int64, largestPath: String = "", largestSize: Int64 = 0) {
            self.total = total
            self.largestPath = largestPath
            self.largestSize = largestSize
        }
    }

    /// The next thing to do with an artifact.
    package enum Step: Sendable, Hashable {
        /// Offer it to the place at this index.
        case offer(Int)
        /// Pass over the place at this index, for this reason.
        case pass(Int, String)
        /// No place is left: it stays in the local store.
        case keep
    }

    private let rungs: [Rung]
    /// Why a place takes nothing more.
    private var dead: [Int: String] = [:]
    /// Artifacts that a place has taken.
    private var taken: [Int: Int] = [:]

    package init(_ rungs: [Rung]) { self.rungs = rungs }

    /// What to do after the rung before `index` did not take it.
    package func step(at index: Int, for freight: Freight) -> Step {
        guard rungs.indices.contains(index) else { return .keep }
        return obstacle(at: index, for: freight).map { .pass(index, $0) } ?? .offer(index)
    }

    /// The place has an artifact.
    package mutating func took(_ index: Int) { taken[index, default: 0] += 1 }

    /// The place did not take an artifact; one that is unavailable is not asked again.
    package mutating func failed(_ index: Int, _ error: PlaceError) {
        if error.code == .unavailable { dead[index] = error.description }
    }

    private func obstacle(at index: Int, for freight: Freight) -> String? {
        if let reason = dead[index] { return reason }
        let limits = rungs[index].limits
        if let most = limits.artifacts, taken[index, default: 0] >= most {
            return "\(rungs[index].title) takes \(most) artifacts of a job and has them"
        }
        guard let most = limits.fileSize else { return nil }
        switch rungs[index].form {
        case .files where freight.largestSize > most:
            let path = SafeText.line(freight.largestPath, limit: 120)
            return "\(path) has \(SizeText.short(freight.largestSize)), "
                + "and \(rungs[index].title) takes files of up to \(SizeText.short(most))"
        case .archive where freight.total > most:
            return "it has \(SizeText.short(freight.total)), "
                + "and \(rungs[index].title) takes files of up to \(SizeText.short(most))"
        default: return nil
        }
    }
}
