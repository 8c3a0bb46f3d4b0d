import CICore
import Simulator
import Synchronization
import SystemPackage

/// Keeps every exchange as a file of its own.
final class ExchangeFiles: Sendable {
    private let directory: FilePath?
    private let files: any FileSystem
    private let trouble = Mutex<FileError?>(nil)

    /// Keeps nothing where there is no directory.
    ///
    /// Throws `FileError` if it cannot be made.
    init(_ directory: FilePath?, files: any FileSystem) throws(FileError) {
        self.directory = directory
        self.files = files
        if let directory { try files.createDirectory(directory) }
    }

    /// The first file that could not be written.
    var failure: FileError? { trouble.withLock { $0 } }

    /// Writes an exchange.
    func keep(_ exchange: RecordedExchange) {
        guard let directory else { return }
        let digits = String(exchange.number)
        let number = String(repeating: "0", count: max(0, 4 - digits.count)) + digits
        let name = "\(number)-\(exchange.api)-\(exchange.request.method.rawValue).json"
        do throws(FileError) {
            try files.write(JSONText.indented(exchange.document.encoded), to: directory.appending(name))
        } catch {
            trouble.withLock { $0 = $0 ?? error }
        }
    }
}
