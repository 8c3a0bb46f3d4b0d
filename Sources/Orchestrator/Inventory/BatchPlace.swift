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
    /// What a runner may keep from batch to batch and from run to run; made by whoever first writes there.
    package var cache: FilePath?

    /// `temporary` may be kept for the batches of one slot, one after another: making and removing a directory for each
    /// costs more than starting its process.
    package init(root: FilePath, temporary: FilePath? = nil, cache: FilePath? = nil) {
        results = root.appending("results")
        self.temporary = temporary ?? root.appending("tmp")
        output = root.appending("output.log")
        errors = root.appending("errors.log")
        self.cache = cache
    }
}
