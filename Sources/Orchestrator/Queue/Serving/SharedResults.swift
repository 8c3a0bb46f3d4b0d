import Artifacts
package import CICore

/// The results of one batch as the queue keeps them: a `dt-ci/results/v1` document.
package enum SharedResults {
    /// What a run of this batch alone came to.
    package static func text(of state: RunState) -> String {
        var results = RunResults(tests: state.ledger.records)
        results.completeness = Completeness(ran: state.ledger.records.count, lost: state.ledger.lost())
        var bytes: [UInt8] = []
        ResultsV1.write(results) { bytes += $0 }
        return String(decoding: bytes, as: UTF8.self)
    }

    /// The tests, and what was lost; a document that is damaged gives what can be read, and `nil` for the losses.
    package static func read(_ text: String) -> (tests: [TestRecord], lost: [TestID]?) {
        var stream = ResultsStream()
        var tests: [TestRecord] = []
        var text = text
        text.withUTF8 { stream.feed($0) { test, _ in tests.append(test) } }
        let head = stream.finish()
        return (tests, head.damage == nil ? head.completeness?.lost ?? [] : nil)
    }
}
