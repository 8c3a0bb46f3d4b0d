package import CICore
import FoundationEssentials

/// What a job's last run came to, as our own comment keeps it for later runs that have no other memory.
///
/// Only what failed or was flaky is in it. Where not everything that failed has room, that is said, and it is no baseline:
/// a test that is missing in it could be new or old.
package struct CommentMemory: Sendable, Hashable {
    /// Of the job's section.
    package var key: String
    package var commit: String
    /// Base64 of a small JSON document.
    package var data: String

    package init(key: String, commit: String, data: String) {
        self.key = key
        self.commit = commit
        self.data = data
    }

    /// The runs of one job that are kept, each of another commit: the last one, and the one that a second attempt of it is
    /// compared with.
    static let runsPerJob = 2
    /// Jobs whose runs are kept.
    static let jobs = 16
    /// Bytes of the JSON.
    private static let room = 2200
    /// What is longer is none of ours.
    private static let longest = 8 << 10
}

extension CommentMemory {
    /// Writes it down; `nil` for code that has no commit.
    package init?(_ results: RunResults, key: String, at point: Baseline.Point) {
        guard let commit = point.commit else { return nil }
        var failed: [[UInt8]] = []
        var flaky: [[UInt8]] = []
        let standing = results.comparison?.stillFailing ?? [:]
        for test in results.tests where test.outcome.isFailure || test.isFlaky {
            let state = Baseline.State(of: test, at: point, standing: standing)
            if test.outcome.isFailure {
                failed.append(Self.entry(test.id, state, at: point))
            } else {
                flaky.append(Self.entry(test.id, state, at: point))
            }
        }
        var left = Self.room
        let kept = Self.prefix(of: failed, within: &left)
        let more = kept.count == failed.count ? Self.prefix(of: flaky, within: &left) : []
        var writer = JSONWriter()
        writer.object { writer in
            writer.member("b", point.branch)
            writer.member("t", Int(point.at.timeIntervalSince1970))
            writer.member("left", failed.count - kept.count)
            writer.key("tests")
            writer.array(kept + more) { $0.raw($1) }
        }
        self.init(key: key, commit: commit, data: Data(writer.bytes).base64EncodedString())
    }

    /// Id, outcome, and for a failure that is not of this very run since when it fails and in how many runs.
    private static func entry(_ test: TestID, _ state: Baseline.State, at point: Baseline.Point) -> [UInt8] {
        var writer = JSONWriter(capacity: 128)
        writer.array { writer in
            writer.value(test.rawValue)
            writer.value(String(state.outcome.rawValue.prefix(1)))
            guard let failing = state.failing, failing.runs > 1 || failing.commit != point.commit else { return }
            writer.value(failing.commit.map { String($0.prefix(12)) })
            writer.value(Int(failing.at.timeIntervalSince1970))
            writer.value(failing.runs)
        }
        return writer.bytes
    }

    private static func prefix(of entries: [[UInt8]], within left: inout Int) -> [[UInt8]] {
        Array(
            entries.prefix { entry in
                left -= entry.count + 1
                return left >= 0
            })
    }

    /// What it was, as something to compare with; every part of it is checked, since a comment can be changed by people.
    ///
    /// - Throws: `Refusal` for what is none or is no baseline.
    package func baseline() throws(Refusal) -> Baseline {
        guard data.utf8.count <= Self.longest, let bytes = Data(base64Encoded: data),
            let json = Array(bytes).withUnsafeBufferPointer({ JSONValue($0) }), let seconds = json["t"]?.int,
            (0...100_000_000_000).contains(seconds), Self.isCommit(commit)
        else { throw Refusal(description: "what the comment on the pull request remembers cannot be read") }
        if let left = json["left"]?.int, left > 0 {
            throw Refusal(
                description:
                    "the comment on the pull request has no room for \(RunSentence.count(left, "test")) that failed")
        }
        let point = Baseline.Point(
            choice: .comment, commit: commit, branch: json["b"]?.string.map { String($0.prefix(200)) },
            at: Date(timeIntervalSince1970: Double(seconds)))
        var tests: [TestID: Baseline.State] = [:]
        for entry in json["tests"]?.array ?? [] {
            guard let (test, state) = Self.state(entry.array, at: point) else {
                throw Refusal(description: "what the comment on the pull request remembers cannot be read")
            }
            tests[test] = state
        }
        return Baseline(point: point, tests: tests)
    }

    /// Why it is no baseline: the end of a sentence without a full stop.
    package struct Refusal: Error, Sendable, Hashable, CustomStringConvertible {
        package var description: String
    }

    private static func state(_ fields: [JSONValue], at point: Baseline.Point) -> (TestID, Baseline.State)? {
        let letters = Dictionary(uniqueKeysWithValues: Outcome.allCases.map { (String($0.rawValue.prefix(1)), $0) })
        guard fields.count >= 2, let id = fields[0].string, let outcome = fields[1].string.flatMap({ letters[$0] })
        else { return nil }
        var standing = Baseline.Standing(commit: point.commit, at: point.at, runs: 1)
        if fields.count >= 5 {
            guard let since = fields[3].int, (0...100_000_000_000).contains(since), let runs = fields[4].int,
                (1...1_000_000).contains(runs)
            else { return nil }
            let commit = fields[2].string
            guard commit.map(isCommit) ?? true else { return nil }
            standing = .init(commit: commit, at: Date(timeIntervalSince1970: Double(since)), runs: runs)
        }
        return (TestID(id), .init(outcome: outcome, duration: .zero, failing: outcome.isFailure ? standing : nil))
    }

    private static func isCommit(_ text: String) -> Bool {
        (7...64).contains(text.utf8.count) && text.utf8.allSatisfy { Character(Unicode.Scalar($0)).isHexDigit }
    }
}
