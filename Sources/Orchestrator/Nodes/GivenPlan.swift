package import CICore
package import SystemPackage

/// A plan from a file, checked against the run that is to carry it out.
package struct GivenPlan: Sendable, Hashable {
    package let document: PlanDocument
    /// As it was named.
    package let file: String

    /// Reads the file.
    ///
    /// Throws `ConfigurationError` if it is not there or holds no plan that this dt-ci can use.
    package init(_ path: FilePath, named file: String, files: any FileSystem) throws(ConfigurationError) {
        self.file = file
        let bytes: [UInt8]
        do {
            bytes = try files.contents(of: path, limit: 1 << 30)
        } catch {
            throw ConfigurationError([.init(source: "--plan", problem: error.description)])
        }
        do {
            document = try PlanV1.document(from: bytes)
        } catch {
            throw ConfigurationError([.init(source: file, problem: error.description)])
        }
    }

    /// A plan that was read already.
    package init(_ document: PlanDocument, file: String) {
        self.document = document
        self.file = file
    }

    /// Refuses a plan for another number of nodes, another commit or another configuration.
    ///
    /// Throws `ConfigurationError` with everything that differs.
    package func check(position: NodePosition, inputs: Plan.Inputs) throws(ConfigurationError) {
        var issues: [ConfigurationError.Issue] = []
        let nodes = document.plan.nodes.count
        if nodes != position.total {
            issues.append(
                .init(
                    source: file, problem: "is a plan for \(counted(nodes, "node")), and this is \(position.title)",
                    expected: "--node I/\(nodes), or a plan made with --nodes \(position.total)"))
        }
        let planned = document.plan.inputs
        if let theirs = planned.commit, let ours = inputs.commit, theirs != ours {
            issues.append(
                .init(
                    source: file,
                    problem: "was made for commit \(SafeText.line(String(theirs.prefix(12)))), and "
                        + "\(ours.prefix(12)) is checked out here", expected: "the same commit in all jobs"))
        }
        if let theirs = planned.configuration, let ours = inputs.configuration, theirs != ours {
            issues.append(
                .init(
                    source: file, problem: "was made with another configuration",
                    expected: "the same dt-ci.yml, --suite, --tag, --only and --order as `dt-ci plan` had"))
        }
        guard issues.isEmpty else { throw ConfigurationError(issues) }
    }
}
