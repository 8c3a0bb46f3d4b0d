import CICore
import SystemPackage

/// How SwiftPM is started, where a test program of a package is, and what is built.
struct SwiftPackage {
    static let tool = RunnerProfile.Tool(
        executable: "swift", debianPackages: [], hint: "a toolchain from https://swift.org/install")
    /// Options of `swift test` that decide where and how is built.
    private static let shared: Set<String> = [
        "--package-path", "--scratch-path", "--build-path", "-c", "--configuration", "--sanitize", "--traits",
        "--triple",
        "--swift-sdk", "-Xswiftc", "-Xcc", "-Xlinker", "-Xcxx", "--build-system", "--toolset", "--cache-path",
    ]
    private let suite: Suite

    init(_ suite: Suite) { self.suite = suite }

    /// `swift`, and the user's options that hold for building, listing and running alike.
    private var words: (swift: [String], options: [String]) {
        guard case .arguments(let words) = suite.command.run, let test = words.firstIndex(of: "test"), test > 0 else {
            return (["swift"], [])
        }
        var options: [String] = []
        var takesNext = false
        for word in words[(test + 1)...] {
            let name = String(word.prefix { $0 != "=" })
            if takesNext || Self.shared.contains(name) || word == "--disable-sandbox" { options.append(word) }
            takesNext = !takesNext && Self.shared.contains(word)
        }
        return (Array(words[..<test]), options)
    }

    /// Asks `swift`, or what stands in its place, for its version.
    var question: ToolQuestion {
        var plain = suite
        plain.command.run = nil
        return RunnerCommand(plain, tool: Self.tool, executable: words.swift).question()
    }

    /// `swift build …`, `swift test …`, never with the user's own selection.
    func command(_ subcommand: [String]) -> (command: RunnerCommand, arguments: [String]) {
        var plain = suite
        plain.command.run = nil
        return (
            RunnerCommand(plain, tool: Self.tool, executable: words.swift), subcommand + words.options
        )
    }
}
