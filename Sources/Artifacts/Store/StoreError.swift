import CICore
package import SystemPackage

/// Why the store, an artifact or an archive cannot do what was asked for.
package struct StoreError: Error, Sendable, Hashable, CustomStringConvertible {
    /// What kind of trouble it is.
    package enum Code: Sendable, Hashable {
        /// The call itself makes no sense, such as an impossible name.
        case unusable
        /// There is no such artifact or file.
        case missing
        /// Something of that name is there already.
        case taken
        /// A manifest or an archive breaks its format, or holds what must not be unpacked.
        case malformed
        /// Bytes are not what their digest says, or are gone.
        case damaged
        /// The disk or the quota is full.
        case full
        /// A file cannot be read or written.
        case inaccessible
        /// Another process works on the store.
        case busy
        /// A bound was passed.
        case tooLarge
    }

    package var code: Code
    /// One sentence: what failed, on what, what to do.
    package var description: String

    package init(_ code: Code, _ description: String) {
        self.code = code
        self.description = description
    }

    /// A failed system call.
    package init(_ errno: Errno, _ operation: String, _ path: FilePath) {
        let place = SafeText.line(path.string, limit: 1024)
        switch errno {
        case .noSpace:
            self.init(.full, "cannot \(operation) \(place): the disk is full; free some of it or choose another one")
        case .diskQuotaExceeded:
            self.init(.full, "cannot \(operation) \(place): your disk quota is used up; free some of it")
        case .fileTooLarge:
            self.init(.full, "cannot \(operation) \(place): the file would pass the process's limit (ulimit -f)")
        case .readOnlyFileSystem:
            self.init(.inaccessible, "cannot \(operation) \(place): the file system is read-only; choose another place")
        case .permissionDenied, .notPermitted:
            self.init(.inaccessible, "cannot \(operation) \(place): \(errno); change its permissions or its place")
        case .noLocks, .notSupported:
            self.init(
                .inaccessible, "cannot \(operation) \(place): its file system cannot do that; choose another place")
        case .tooManyOpenFiles, .tooManyOpenFilesInSystem:
            self.init(.inaccessible, "cannot \(operation) \(place): too many open files; raise `ulimit -n`")
        case .noSuchFileOrDirectory:
            self.init(.missing, "cannot \(operation) \(place): it is not there")
        default:
            self.init(.inaccessible, "cannot \(operation) \(place): \(errno)")
        }
    }
}
