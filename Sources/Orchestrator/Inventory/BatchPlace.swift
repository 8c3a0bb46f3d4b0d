package import SystemPackage

/// The private directory of one batch; all of it exists before the process starts.
package struct BatchPlace: Sendable, Hashable {
    /// Reports and runner side files go here.
    package var results: FilePath
    /// `TMPDIR` of the child.
    package var temporary: FilePath
    /// Standard output; with standard error in it unless the invocation asks for two files.
    package var output: FilePath
    /// Standard error, when apart.
    package var errors: FilePath

    package init(root: FilePath) {
        results = root.appending("results")
        temporary = root.appending("tmp")
        output = root.appending("output.log")
        errors = root.appending("errors.log")
    }
}
