package import CICore

/// Reads a results document in pieces, test by test: memory does not grow with it, and of a document that breaks off
/// everything before the break is read.
package struct ResultsStream {
    /// Everything but the tests.
    package struct Head: Sendable {
        package var completeness: Completeness?
        package var warnings: [String] = []
        package var duration = Duration.zero
        /// When each batch ran where.
        package var timeline: [BatchSpan] = []
        package var artifacts: [RunArtifact] = []
        /// What is wrong with the document; `nil` for a sound one.
        package var damage: ResultsError?
    }

    private enum Place {
        case beforeObject
        case members
        case tests
        case afterObject
    }

    private var place = Place.beforeObject
    /// The member or test that is not whole yet.
    private var pending: [UInt8] = []
    /// Below the member or test.
    private var depth = 0
    private var isInString = false
    private var isEscaped = false
    private var head = Head()
    private var isOurs = false
    /// No single test or other member is larger.
    private static let limit = 64 << 20

    package init() { pending.reserveCapacity(4096) }

    /// Takes the next bytes; `body` gets every test that is whole by then, and whether it is quarantined.
    package mutating func feed(
        _ bytes: UnsafeBufferPointer<UInt8>, _ body: (TestRecord, Bool) throws -> Void
    ) rethrows {
        var start = 0
        var index = 0
        while index < bytes.count, head.damage == nil {
            let byte = bytes[index]
            if isInString {
                isInString = isEscaped || byte != UInt8(ascii: "\"")
                isEscaped = !isEscaped && byte == UInt8(ascii: "\\")
            } else {
                switch byte {
                case UInt8(ascii: "\""): isInString = true
                case UInt8(ascii: "{"), UInt8(ascii: "["):
                    if opens(byte, bytes[start..<index]) {
                        start = index + 1
                    } else {
                        depth += 1
                    }
                case UInt8(ascii: "}"), UInt8(ascii: "]"):
                    if depth > 0 {
                        depth -= 1
                    } else {
                        try close(byte, bytes[start..<index], body)
                        start = index + 1
                    }
                case UInt8(ascii: ",") where depth == 0:
                    try end(bytes[start..<index], body)
                    start = index + 1
                default: break
                }
            }
            index += 1
        }
        guard head.damage == nil else { return }
        pending.append(contentsOf: bytes[start...])
        if pending.count > Self.limit { fail("holds a test that is too large to be one") }
    }

    /// What the document said beside its tests.
    package consuming func finish() -> Head {
        if head.damage == nil, place != .afterObject || !isBlank(pending[...]) {
            fail("is not whole: its JSON breaks off or is malformed")
        }
        return head
    }

    // MARK: Structure

    /// Whether the bracket starts the document or the list of its tests.
    private mutating func opens(_ byte: UInt8, _ text: Slice<UnsafeBufferPointer<UInt8>>) -> Bool {
        switch place {
        case .beforeObject where byte == UInt8(ascii: "{"):
            place = .members
        case .members where byte == UInt8(ascii: "[") && depth == 0:
            guard isKeyOfTests(text) else { return false }
            guard isOurs else {
                fail("is no results document of dt-ci")
                return true
            }
            place = .tests
        case .beforeObject, .afterObject:
            fail("is no results document of dt-ci")
        default: return false
        }
        pending.removeAll(keepingCapacity: true)
        return true
    }

    private mutating func close(
        _ byte: UInt8, _ text: Slice<UnsafeBufferPointer<UInt8>>, _ body: (TestRecord, Bool) throws -> Void
    ) rethrows {
        switch (place, byte) {
        case (.tests, UInt8(ascii: "]")):
            try end(text, body)
            place = .members
        case (.members, UInt8(ascii: "}")):
            try end(text, body)
            place = .afterObject
        default: fail("is malformed: a bracket closes nothing")
        }
    }

    private mutating func end(
        _ text: Slice<UnsafeBufferPointer<UInt8>>, _ body: (TestRecord, Bool) throws -> Void
    ) rethrows {
        defer { pending.removeAll(keepingCapacity: true) }
        guard pending.isEmpty else {
            pending.append(contentsOf: text)
            return try pending.withUnsafeBufferPointer { try take($0, body) }
        }
        try take(UnsafeBufferPointer(rebasing: text), body)
    }

    private mutating func take(
        _ text: UnsafeBufferPointer<UInt8>, _ body: (TestRecord, Bool) throws -> Void
    ) rethrows {
        guard !isBlank(text[...]) else { return }
        switch place {
        case .tests:
            guard let (test, isQuarantined) = ResultsV1.test(text) else { return fail("holds a malformed test") }
            try body(test, isQuarantined)
        case .members:
            let braced = [UInt8(ascii: "{")] + text + [UInt8(ascii: "}")]
            guard case .object(let members)? = braced.withUnsafeBufferPointer({ JSONValue($0) }) else {
                return fail("is not whole: its JSON breaks off or is malformed")
            }
            for (key, value) in members { take(key, value) }
        case .beforeObject, .afterObject: fail("is no results document of dt-ci")
        }
    }

    private mutating func take(_ key: String, _ value: JSONValue) {
        switch key {
        case "schema":
            do throws(ResultsError) {
                try ResultsV1.check(schema: value.string)
                isOurs = true
            } catch {
                head.damage = error
            }
        case "completeness": head.completeness = ResultsV1.completeness(value)
        case "warnings": head.warnings = value.array.compactMap(\.string)
        case "timeline": head.timeline = value.array.compactMap(ResultsV1.span)
        case "artifacts": head.artifacts = value.array.compactMap(ResultsV1.artifact)
        case "seconds": head.duration = ResultsV1.duration(value)
        default: break
        }
    }

    private mutating func fail(_ description: String) {
        head.damage = head.damage ?? ResultsError(code: .malformed, description: description)
    }

    /// After the list of the tests a comma stands alone, as does the white space between.
    private func isBlank(_ text: some Sequence<UInt8>) -> Bool {
        text.allSatisfy { $0 == 0x20 || (0x09...0x0D).contains($0) }
    }

    private func isKeyOfTests(_ text: Slice<UnsafeBufferPointer<UInt8>>) -> Bool {
        let key = (pending + text).filter { $0 != 0x20 && !(0x09...0x0D).contains($0) }
        return key.elementsEqual("\"tests\":".utf8)
    }
}
