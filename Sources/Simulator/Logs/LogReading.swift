/// A log as its service would show it: lines in folds, and what the log said beside them.
package struct LogReading: Sendable, Hashable {
    /// One line that a person sees, in the order of the log.
    package struct Line: Sendable, Hashable {
        /// What kind of line it is.
        package enum Kind: Sendable, Hashable {
            case text
            case fold
            case annotation(Tone)
        }

        package var kind: Kind
        /// How many folds are around it.
        package var depth: Int
        package var text: String
    }

    package private(set) var lines: [Line] = []
    /// Lines that were too many to keep.
    package private(set) var dropped = 0
    /// What the log told of that its service shows elsewhere.
    package private(set) var exhibit = Exhibit()
    package private(set) var annotations: [ShownAnnotation] = []
    /// Files whose Markdown is shown beside the log.
    package private(set) var summaries: [String] = []
    private var state: State

    /// What is kept between two pieces of a log.
    private struct State: Sendable, Hashable {
        var dialect: String
        var partial: [UInt8] = []
        var depth = 0
        var stopToken: String?
        var failures: [String: String] = [:]
        var ignored: Set<String> = []
    }

    /// Lines that are kept.
    package static let lineLimit = 4000
    /// Bytes of a line that are kept.
    package static let widthLimit = 4096

    package init(_ dialect: LogDialect) { state = State(dialect: dialect.id) }

    /// Takes the next bytes of the log in, and returns the lines that they completed.
    package mutating func add(_ bytes: some Sequence<UInt8>) -> [Line] {
        var shown: [Line] = []
        for byte in bytes {
            if byte == UInt8(ascii: "\n") {
                shown += endLine()
            } else if state.partial.count < Self.widthLimit {
                state.partial.append(byte)
            }
        }
        return shown
    }

    /// Takes a last line without an end in.
    package mutating func finish() -> [Line] { state.partial.isEmpty ? [] : endLine() }

    private mutating func endLine() -> [Line] {
        if state.partial.last == UInt8(ascii: "\r") { state.partial.removeLast() }
        let text = String(decoding: state.partial, as: UTF8.self)
        state.partial.removeAll(keepingCapacity: true)
        guard let line = take(text) else { return [] }
        if lines.count < Self.lineLimit { lines.append(line) } else { dropped += 1 }
        return [line]
    }

    private mutating func take(_ text: String) -> Line? {
        let dialect = LogDialect.all.first { $0.id == state.dialect } ?? .plain
        if let token = state.stopToken {
            guard text == "::\(token)::" else { return Line(kind: .text, depth: state.depth, text: text) }
            state.stopToken = nil
            return nil
        }
        switch dialect.meaning(of: text) {
        case .text: return Line(kind: .text, depth: state.depth, text: text)
        case .foldOpened(let name):
            defer { state.depth += 1 }
            return Line(kind: .fold, depth: state.depth, text: name)
        case .foldClosed: state.depth = max(0, state.depth - 1)
        case .annotation(let annotation):
            if annotations.count < Self.lineLimit { annotations.append(annotation) }
            return Line(kind: .annotation(annotation.tone), depth: state.depth, text: annotation.oneLine)
        case .note(let note): exhibit.notes.append(note)
        case .file(let file): exhibit.files.append(file)
        case .summary(let path): summaries.append(path)
        case .test(let message): take(message)
        case .commandsStopped(let token): state.stopToken = token
        case .hidden: break
        }
        return nil
    }

    private mutating func take(_ message: LogDialect.TestMessage) {
        switch message {
        case .started: break
        case .failed(let name, let text): state.failures[name] = text
        case .ignored(let name): state.ignored.insert(name)
        case .finished(let name, let milliseconds):
            if exhibit.testRuns.isEmpty {
                exhibit.testRuns.append(ShownTestRun(name: "Tests of the log", state: "reported", tests: []))
            }
            let failure = state.failures.removeValue(forKey: name)
            let isIgnored = state.ignored.remove(name) != nil
            exhibit.testRuns[0].tests.append(
                ShownTest(
                    name: name, result: failure != nil ? "failed" : isIgnored ? "ignored" : "passed",
                    tone: failure != nil ? .bad : isIgnored ? .neutral : .good,
                    duration: milliseconds.map { .milliseconds($0) }, message: failure))
        }
    }
}

extension ShownAnnotation {
    /// `path:line: title: message`, without what is missing.
    package var oneLine: String {
        let place = path.map { $0 + (line.map { ":\($0)" } ?? "") }
        return [place, title.isEmpty ? nil : title, message].compactMap(\.self).joined(separator: ": ")
    }
}
