package import CICore
import Synchronization
package import SystemPackage

/// The file of `--events`: a line an event, written at once, so that a reader that follows it is never behind.
package final class EventsFile: Sendable {
    private let path: FilePath
    /// `nil` after the first failure: a run does not end because nobody can read along.
    private let file: Mutex<FileDescriptor?>

    /// Opens the file anew; a pipe or terminal works too.
    ///
    /// - Throws: `FileError` if that is not possible.
    package init(_ path: FilePath) throws(FileError) {
        self.path = path
        do {
            file = Mutex(
                try FileDescriptor.open(
                    path, .writeOnly, options: [.create, .truncate, .append, .closeOnExec],
                    permissions: [.ownerReadWrite, .groupRead, .otherRead]))
        } catch {
            throw FileError(path: path, operation: "write events to", errno: error as? Errno ?? .ioError)
        }
    }

    deinit {
        // Every line was written; a failed close loses nothing that could be said now.
        file.withLock { try? $0?.close() }
    }

    /// Writes the event; a warning the first time that this fails, afterwards nothing is tried any more.
    package func write(_ event: RunEvent) -> FileError? {
        let bytes = EventLine.bytes(event)
        return file.withLock { file in
            guard let open = file else { return nil }
            do {
                try open.writeAll(bytes)
                return nil
            } catch {
                file = nil
                // As above.
                try? open.close()
                return FileError(path: path, operation: "write events to", errno: error as? Errno ?? .ioError)
            }
        }
    }
}
