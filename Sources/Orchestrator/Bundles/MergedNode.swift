import CICore

/// What a merge knows of one node.
struct MergedNode {
    /// How much of its share is accounted for.
    enum State {
        /// No bundle.
        case missing
        /// Only bundles whose results are damaged.
        case damaged
        /// A sound bundle says that these tests have no result.
        case told(lost: Set<TestID>)
    }

    let index: Int
    /// For people.
    let title: String
    var state = State.missing
    /// Of its latest bundle.
    var manifest: BundleManifest?

    /// Takes the next bundle of the node, earlier attempts first.
    ///
    /// A test is lost only if no bundle has it; a bundle that is damaged tells nothing of what is lost.
    mutating func take(_ bundle: BundleManifest, lost: [TestID], isSound: Bool) {
        manifest = bundle
        switch (state, isSound) {
        case (.told(let before), true): state = .told(lost: before.intersection(lost))
        case (_, true): state = .told(lost: Set(lost))
        case (.told, false): break
        case (_, false): state = .damaged
        }
    }

    var isMissing: Bool {
        if case .missing = state { return true }
        return false
    }

    var isDamaged: Bool {
        if case .damaged = state { return true }
        return false
    }
}
