import Foundation
import Testing

/// Other people's programs that know what a template must look like. `scripts/test` installs them; a test that needs
/// one fails where it is missing.
struct TemplateTools {
    private static let package = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent().deletingLastPathComponent()
    /// Python's, in a directory of the build's.
    static let python = package.appending(path: ".build/template-tools/bin")

    /// What a program said.
    struct Answer {
        var exitCode: Int32
        var text: String
    }

    /// Runs a program to its end; `PATH`, `HOME` and Java's home are all it sees of the environment.
    static func run(
        _ arguments: [String], in directory: URL? = nil, environment: [String: String] = [:]
    ) async throws -> Answer {
        let words = arguments.map { "'" + $0.replacing("'", with: "'\\''") + "'" }.joined(separator: " ")
        var shell = DTCIBinary(in: directory ?? package)
        shell.environment["PATH"] = "\(python.path):\(shell.environment["PATH"] ?? "")"
        shell.environment.merge(environment) { $1 }
        // Debian's groovy looks for Java where only Debian's default one is.
        let java = "export JAVA_HOME=${JAVA_HOME:-$(dirname \"$(dirname \"$(readlink -f \"$(command -v java)\")\")\")}"
        let output = try await shell.paste("\(java)\n\(words)")
        try #require(output.exitCode != 127, "\(arguments[0]) is missing; ./scripts/test installs it")
        return Answer(exitCode: output.exitCode, text: output.standardOutput + output.standardError)
    }
}
