import CICore

/// Which earlier run a run is to be compared with.
package struct BaselineQuery: Sendable, Hashable {
    /// The commit that the branch left its target at; its last complete run is taken before any other.
    package var mergeBase: String?
    /// Else the last complete run of this branch; `nil` = of any.
    package var branch: String?
    /// The commit of the run itself, which is not compared with other runs of the same code.
    package var commit: String?

    package init(mergeBase: String? = nil, branch: String? = nil, commit: String? = nil) {
        self.mergeBase = mergeBase
        self.branch = branch
        self.commit = commit
    }
}
