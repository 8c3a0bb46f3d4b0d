import CICore
import Testing

@testable import Artifacts

@Suite struct UploadJournalTests {
    private let digest = ContentDigest(bytes: [UInt8](repeating: 7, count: 32))

    @Test func `a journal comes back as it was written`() {
        var journal = UploadJournal(digest: digest)
        var progress = UploadJournal.Progress()
        for index in [5, 0, 1, 3, 4, 9] { progress.done.insert(index) }
        progress.tickets = ["a/\"b\n.bin": "8388608 id?&"]
        progress.address = "https://x"
        journal.places = ["s3://b": progress, "é": .init()]
        #expect(UploadJournal(journal.bytes) == journal)
        journal.isPending = false
        #expect(UploadJournal(journal.bytes)?.isPending == false)
    }

    @Test(arguments: ["", "{", "[]", #"{"schema":"dt-ci/upload/v2"}"#, #"{"schema":"dt-ci/upload/v1","sha256":"1"}"#])
    func `what is no journal is none`(text: String) { #expect(UploadJournal(Array(text.utf8)) == nil) }

    @Test(arguments: [("", ""), ("3,1", "3"), ("x,2-1,5-6-7,-4,8", "4,8"), ("0-2,3,9", "0-2,9")])
    func `ranges that make no sense are left out`(text: String, result: String) {
        #expect(IndexRanges(text).text == result)
    }

    @Test func `a set of indices holds what was put into it, in whatever order`() {
        for _ in 0..<50 {
            let numbers = (0..<40).filter { _ in Bool.random() }.shuffled()
            var ranges = IndexRanges()
            for number in numbers + numbers { ranges.insert(number) }
            #expect((0..<40).filter { ranges.contains($0) } == numbers.sorted())
            #expect(IndexRanges(ranges.text) == ranges)
        }
    }
}
