import CICore

extension ResultsV1 {
    /// One test of the list and whether it is quarantined; `nil` for what is no JSON or no test.
    ///
    /// Members of another type than the document has are passed over, as unknown ones are.
    static func test(_ bytes: UnsafeBufferPointer<UInt8>) -> (TestRecord, isQuarantined: Bool)? {
        var cursor = JSONCursor(bytes)
        var test = Members()
        guard cursor.members({ test.take($1, &$0) }), cursor.isAtEnd, let record = test.record() else { return nil }
        return (record, test.isQuarantined)
    }

    /// The id alone, which our own documents have first; `nil` for what is no test.
    static func id(of bytes: UnsafeBufferPointer<UInt8>) -> TestID? {
        var cursor = JSONCursor(bytes)
        var id: TestID?
        _ = cursor.members {
            guard $1.equals("id") else { return $0.skip() }
            id = $0.string().map { TestID($0) }
            return false
        }
        return id
    }

    /// What has been read of a test.
    private struct Members {
        var isQuarantined = false
        private var id: String?
        private var suite: String?
        private var name: String?
        private var className: String?
        private var container: String?
        private var place: (file: String?, line: Int?)
        /// Of a document that does not list the attempts.
        private var only: (outcome: Outcome?, duration: Duration) = (nil, .zero)
        private var attempts: [Attempt] = []
        private var attachments: [String] = []

        init() { attempts.reserveCapacity(1) }

        mutating func take(_ key: UnsafeBufferPointer<UInt8>, _ cursor: inout JSONCursor) -> Bool {
            if key.equals("id") {
                id = cursor.string()
            } else if key.equals("suite") {
                suite = cursor.string()
            } else if key.equals("file") {
                place.file = cursor.string()
            } else if key.equals("line") {
                place.line = cursor.int()
            } else if key.equals("class") {
                className = cursor.string()
            } else if key.equals("name") {
                name = cursor.string()
            } else if key.equals("container") {
                container = cursor.string()
            } else if key.equals("outcome") {
                only.outcome = cursor.string().flatMap(Outcome.init)
            } else if key.equals("seconds") {
                only.duration = duration(cursor.number())
            } else if key.equals("quarantined") {
                isQuarantined = cursor.bool() ?? false
            } else {
                return takeList(key, &cursor)
            }
            return true
        }

        private mutating func takeList(_ key: UnsafeBufferPointer<UInt8>, _ cursor: inout JSONCursor) -> Bool {
            guard cursor.next == .array else { return cursor.skip() }
            if key.equals("attempts") {
                attempts.removeAll(keepingCapacity: true)
                return cursor.elements {
                    var attempt = AttemptMembers()
                    guard $0.next == .object else { return $0.skip() }
                    guard $0.members({ attempt.take($1, &$0) }) else { return false }
                    if let attempt = attempt.attempt() { attempts.append(attempt) }
                    return true
                }
            }
            guard key.equals("attachments") else { return cursor.skip() }
            attachments.removeAll()
            return cursor.elements {
                if let path = $0.string() { attachments.append(path) }
                return true
            }
        }

        func record() -> TestRecord? {
            guard let id else { return nil }
            var attempts = attempts
            if attempts.isEmpty {
                guard let outcome = only.outcome else { return nil }
                attempts = [Attempt(outcome: outcome, duration: only.duration)]
            }
            let location = place.file.map { SourceLocation(file: $0, line: place.line) }
            let className = className ?? ""
            return TestRecord(
                id: TestID(id),
                identity: TestIdentity(
                    suite: SuiteName(suite ?? ""), className: className, name: name ?? id, location: location),
                container: container ?? location?.file ?? className, attempts: attempts, attachments: attachments)
        }
    }

    /// What has been read of an attempt.
    private struct AttemptMembers {
        private var outcome: Outcome?
        private var duration = Duration.zero
        private var reason = Attempt.Reason()
        private var output: String?

        mutating func take(_ key: UnsafeBufferPointer<UInt8>, _ cursor: inout JSONCursor) -> Bool {
            if key.equals("outcome") {
                outcome = cursor.string().flatMap(Outcome.init)
            } else if key.equals("seconds") {
                duration = ResultsV1.duration(cursor.number())
            } else if key.equals("message") {
                reason.message = cursor.string()
            } else if key.equals("type") {
                reason.type = cursor.string()
            } else if key.equals("details") {
                reason.details = cursor.string()
            } else if key.equals("because") {
                reason.because = cursor.string().map { TestID($0) }
            } else if key.equals("output") {
                output = cursor.string()
            } else {
                return cursor.skip()
            }
            return true
        }

        func attempt() -> Attempt? {
            outcome.map {
                Attempt(
                    outcome: $0, duration: duration, reason: reason == Attempt.Reason() ? nil : reason, output: output)
            }
        }
    }
}
