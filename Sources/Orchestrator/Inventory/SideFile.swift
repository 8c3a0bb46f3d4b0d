package import SystemPackage

/// A file that a runner's process needs and that nobody else has, such as a reporter of ours or a list of tests.
package struct SideFile: Sendable, Hashable {
    /// In the batch's directory.
    package var path: FilePath
    package var contents: [UInt8]
    /// A variable of search paths, such as `PYTHONPATH`, that must lead to the file's directory first.
    package var searchedBy: String?

    package init(_ path: FilePath, contents: [UInt8], searchedBy: String? = nil) {
        self.path = path
        self.contents = contents
        self.searchedBy = searchedBy
    }
}
