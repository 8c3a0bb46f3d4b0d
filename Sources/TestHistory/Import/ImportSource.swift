package import CICore
import FoundationEssentials
package import SystemPackage

/// A file to import and what its paths are relative to.
package struct ImportSource: Sendable {
    /// As the user named it.
    package var name: String
    package var bytes: [UInt8]
    /// The project's root; absolute.
    package var root: FilePath
    package var files: any FileSystem

    package init(name: String, bytes: [UInt8], root: FilePath, files: any FileSystem) {
        self.name = name
        self.bytes = bytes
        self.root = root
        self.files = files
    }

    /// An absolute path within the root as a relative one, anything else as it is, without `./`.
    package func relative(_ path: String) -> String {
        let prefix = root.string.hasSuffix("/") ? root.string : root.string + "/"
        var rest = path[...]
        if rest.hasPrefix(prefix) { rest = rest.dropFirst(prefix.count) }
        while rest.hasPrefix("./") { rest = rest.dropFirst(2) }
        return String(rest)
    }

    /// The error of a file that isn't what it should be.
    package func malformed(at position: String, _ problem: String) -> HistoryError {
        HistoryError(code: .malformedImport, location: name, description: "\(name): \(position): \(problem)")
    }

    /// Decodes the whole file as JSON.
    func decoded<Value: Decodable>(_ type: Value.Type) throws(HistoryError) -> Value {
        do {
            return try JSONDecoder().decode(type, from: Data(bytes))
        } catch let error as DecodingError {
            throw malformed(error)
        } catch {
            throw malformed(at: "start", "\(error)")
        }
    }

    private func malformed(_ error: DecodingError) -> HistoryError {
        let (context, problem): (DecodingError.Context, String) =
            switch error {
            case .typeMismatch(let type, let context): (context, "expected \(Self.word(for: type))")
            case .valueNotFound(let type, let context): (context, "expected \(Self.word(for: type)), found null")
            case .keyNotFound(let key, let context): (context, "\"\(key.stringValue)\" is missing")
            case .dataCorrupted(let context): (context, JSONSyntax.problem(in: bytes) ?? context.debugDescription)
            @unknown default: (DecodingError.Context(codingPath: [], debugDescription: ""), "\(error)")
            }
        guard !context.codingPath.isEmpty else {
            let position = JSONSyntax.firstError(in: bytes).map { "line \($0.line), column \($0.column)" }
            return malformed(at: position ?? "line 1, column 1", problem)
        }
        let path = context.codingPath.map { key in
            key.intValue.map { "[\($0)]" } ?? "[\"\(key.stringValue)\"]"
        }
        return malformed(at: path.joined(), problem)
    }

    private static func word(for type: any Any.Type) -> String {
        switch type {
        case is Double.Type, is Int.Type: "a number"
        case is String.Type: "a string"
        case is any Collection.Type where "\(type)".hasPrefix("Array"): "an array"
        default: "an object"
        }
    }
}

/// One test, or one whole file of tests, as an imported file has it.
package struct ImportedTest: Sendable, Hashable {
    package var names: ImportedNames
    package var attempts: [Attempt]

    package init(names: ImportedNames, attempts: [Attempt]) {
        self.names = names
        self.attempts = attempts
    }

    /// A test that passed once.
    init(_ names: ImportedNames, seconds: Double) {
        self.init(names: names, attempts: [Attempt(outcome: .passed, duration: .seconds(seconds.boundedSeconds))])
    }

    /// As a part of a suite.
    package func record(in suite: SuiteName) -> TestRecord {
        TestRecord(
            id: TestID(suite: suite, selector: names.selector),
            identity: TestIdentity(suite: suite, className: names.className, name: names.name),
            container: names.container, attempts: attempts)
    }
}

extension Double {
    /// Within zero and a year, so that nonsense in a file can't trap; no number is zero.
    var boundedSeconds: Double { isNaN ? 0 : min(max(self, 0), 31_536_000) }
}
