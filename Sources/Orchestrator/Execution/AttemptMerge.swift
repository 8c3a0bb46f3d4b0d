import Artifacts
import CICore

/// Folds cases of one batch that have the same identity: attempts of one test if any of them passed, else tests of
/// their own with an ordinal, since two failures under one name may be two tests.
struct AttemptMerge {
    private(set) var tests: [ObservedTest] = []
    private var positions: [TestID: [Int]] = [:]

    mutating func add(_ observed: ObservedTest) {
        let same = positions[observed.id] ?? []
        if let first = same.first {
            if observed.test.outcome == .passed || same.contains(where: { tests[$0].test.outcome == .passed }) {
                tests[first].test.attempts += observed.test.attempts
                tests[first].test.attachments += observed.test.attachments
                return
            }
            var twin = observed
            twin.id = TestID("\(observed.id.rawValue) #\(same.count + 1)")
            twin.address.identifier += " #\(same.count + 1)"
            positions[observed.id, default: []].append(tests.count)
            tests.append(twin)
            return
        }
        positions[observed.id] = [tests.count]
        tests.append(observed)
    }
}
