import CICore
import Foundation
import SystemPackage
import Testing

/// Holds the table of CONTRIBUTING.md: what each module may import. The package manager alone would let every
/// transitive dependency through.
struct ArchitectureTests {
    private static let allowed: [String: Set<String>] = [
        "CICore": [],
        "CurlHTTP": ["CICore", "CCurl"],
        "PostgreSQL": ["CICore", "CPostgres"],
        "CIProviders": ["CICore", "Crypto"],
        "Artifacts": ["CICore", "CLibXML2", "CZlib", "Crypto"],
        "TestHistory": ["CICore", "GRDB"],
        "Reporting": ["CICore", "CIProviders", "Mustache"],
        "Orchestrator": ["CICore", "Artifacts", "TestHistory", "PostgreSQL", "CSpawn", "GRDB", "Yams", "Crypto"],
        "Simulator": ["CICore", "Crypto", "Hummingbird", "HTTPTypes", "NIOCore", "Logging"],
        "dt-ci": [
            "CICore", "CIProviders", "CurlHTTP", "Simulator", "Artifacts", "TestHistory", "Reporting", "Orchestrator",
            "ArgumentParser",
            "ArgumentParserToolInfo",
        ],
    ]
    /// The platform and what every module may use.
    private static let everywhere: Set<String> = [
        "Swift", "Glibc", "Darwin", "Dispatch", "Synchronization", "SystemPackage", "FoundationEssentials",
    ]

    private static let sources: FilePath = FilePath(#filePath)
        .removingLastComponent().removingLastComponent().removingLastComponent().appending("Sources")

    @Test(arguments: allowed.keys.sorted()) func `a module imports only what is below it`(module: String) throws {
        let allowed = try #require(Self.allowed[module]).union(Self.everywhere)
        let files = try Self.swiftFiles(below: Self.sources.appending(module))
        #expect(!files.isEmpty)
        for file in files {
            for imported in try Self.imports(of: file) where !allowed.contains(imported) {
                Issue.record("\(file) imports \(imported)")
            }
        }
    }

    @Test func `every module is in the table`() throws {
        let modules = try LocalFileSystem().entries(of: Self.sources).filter { $0.kind == .directory }.map(\.name)
        let shims: Set<String> = ["CSpawn", "CCurl", "CPostgres", "CLibXML2", "CZlib"]
        #expect(Set(modules).subtracting(shims) == Set(Self.allowed.keys))
    }

    @Test func `the real world is reached from dt-ci and from files that say so`() throws {
        let words = ["ProcessInfo.processInfo", "FileManager.default", "Date()", "Date.now", "UUID()", "getenv("]
        for module in Self.allowed.keys where module != "dt-ci" {
            for file in try Self.swiftFiles(below: Self.sources.appending(module)) {
                guard file.lastComponent?.string.contains("+Live") == false else { continue }
                let text = try LocalFileSystem().text(of: file)
                for word in words where text.contains(word) { Issue.record("\(file) uses \(word)") }
            }
        }
    }

    @Test(arguments: [
        ("import CICore", "CICore"), ("package import struct FoundationEssentials.Date", "FoundationEssentials"),
        ("@preconcurrency import Dispatch", "Dispatch"), ("    import Glibc", "Glibc"), ("// import Foo", nil),
        ("let text = \"import Foo\"", nil),
    ]) func `an import is recognised in all its forms`(line: String, module: String?) {
        #expect(Self.imported(by: line[...]) == module)
    }

    private static func swiftFiles(below directory: FilePath) throws -> [FilePath] {
        try LocalFileSystem().entries(of: directory).flatMap { entry -> [FilePath] in
            let path = directory.appending(entry.name)
            if entry.kind == .directory { return try swiftFiles(below: path) }
            return entry.name.hasSuffix(".swift") ? [path] : []
        }
    }

    private static func imports(of file: FilePath) throws -> [String] {
        var isText = false
        return try LocalFileSystem().text(of: file).split(separator: "\n").compactMap { line in
            // Programs in other languages stand in texts of several lines.
            if line.components(separatedBy: "\"\"\"").count.isMultiple(of: 2) { isText.toggle() }
            return isText ? nil : imported(by: line)
        }
    }

    private static func imported(by line: Substring) -> String? {
        var words = line.split(separator: " ")[...]
        while let word = words.first,
            word.hasPrefix("@") || ["public", "package", "internal", "private"].contains(word)
        {
            words.removeFirst()
        }
        guard words.first == "import" else { return nil }
        words.removeFirst()
        let kinds: Set<Substring> = ["struct", "enum", "class", "func", "protocol", "typealias", "var", "let"]
        if let kind = words.first, kinds.contains(kind) { words.removeFirst() }
        return words.first.map { String($0.prefix { $0 != "." }) }
    }
}
