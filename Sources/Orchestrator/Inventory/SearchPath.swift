package import SystemPackage

/// A directory that goes in front of a child's search path, such as `PYTHONPATH` or `PATH`.
package struct SearchPath: Sendable, Hashable {
    /// The variable whose parts are joined by `:`.
    package var variable: String
    package var directory: FilePath
    /// A variable that, when it is set, leaves the search path as it is: an activated environment wins.
    package var unlessSet: String?

    package init(_ variable: String, _ directory: FilePath, unlessSet: String? = nil) {
        self.variable = variable
        self.directory = directory
        self.unlessSet = unlessSet
    }

    /// Puts the directory in front.
    package func extend(_ environment: inout [String: String]) {
        if let unlessSet, environment[unlessSet]?.isEmpty == false { return }
        let rest = environment[variable] ?? ""
        environment[variable] = rest.isEmpty ? directory.string : "\(directory):\(rest)"
    }
}
