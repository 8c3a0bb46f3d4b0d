import Foundation

/// moto's server behind the guard of `s3-server.py`, for tests of several modules; it ends with this object or this process.
package final class StorageServer: Sendable {
    /// Of the keys that it takes beside those that it lends; their names are all one to it.
    package static let secret = "server-secret"
    /// The token of a web identity that its token service takes.
    package static let webIdentity = "web-identity-token"

    package let port: Int
    private let process: Process
    /// Its end is the server's.
    private let lifeline: Pipe

    package init() throws {
        let directory = URL(filePath: #filePath).deletingLastPathComponent()
        let package = directory.deletingLastPathComponent().deletingLastPathComponent()
        process = Process()
        process.executableURL = package.appending(path: ".build/storage-server/bin/python")
        process.arguments = [directory.appending(path: "s3-server.py").path]
        process.environment = ["PATH": ProcessInfo.processInfo.environment["PATH"] ?? ""]
        lifeline = Pipe()
        let output = Pipe()
        process.standardInput = lifeline
        process.standardOutput = output
        process.standardError = FileHandle.nullDevice
        try process.run()
        var line = Data()
        while let byte = try output.fileHandleForReading.read(upToCount: 1), !byte.isEmpty, byte[0] != 10 {
            line += byte
        }
        guard let port = Int(String(decoding: line, as: UTF8.self)) else { throw Silent() }
        self.port = port
    }

    deinit { process.terminate() }

    /// Without a slash at its end.
    package var url: String { "http://127.0.0.1:\(port)" }

    /// It said no port.
    package struct Silent: Error, CustomStringConvertible {
        package var description: String { "the storage server does not start; scripts/test installs it" }
    }
}
