package import CICore
import Synchronization
import SystemPackage

/// What has become of one artifact's uploads: `dt-ci/upload/v1`, one JSON document in the store.
///
/// A reader of an earlier version that meets members it does not know ignores them; without `schema` or of a later version
/// it begins anew, which costs a look at what is there.
package struct UploadJournal: Sendable, Hashable {
    /// Of the artifact's manifest: another one is another upload.
    package var digest: ContentDigest
    /// Whether no place has all of it yet, and nobody wants to give it up.
    package var isPending: Bool
    package var places: [String: Progress] = [:]

    package init(digest: ContentDigest, isPending: Bool = true) {
        self.digest = digest
        self.isPending = isPending
    }

    /// How far one place has it.
    package struct Progress: Sendable, Hashable {
        /// Parcels that were checked there, by their number in the order of the manifest.
        package var done = IndexRanges()
        /// What half parcels are gone on with, by their paths.
        package var tickets: [String: String] = [:]
        /// Whether the place has all of it.
        package var isComplete = false
        package var address: String?

        package init() {}
    }

    private static let schema = "dt-ci/upload/v1"

    /// `nil` for what is no journal of this version.
    package init?(_ bytes: [UInt8]) {
        guard let json = bytes.withUnsafeBufferPointer({ JSONValue($0) }), json["schema"]?.string == Self.schema,
            let digest = json["sha256"]?.string.flatMap({ ContentDigest($0) })
        else { return nil }
        self.init(digest: digest, isPending: json["pending"]?.bool ?? true)
        for place in json["places"]?.array ?? [] {
            guard let title = place["title"]?.string else { continue }
            var progress = Progress()
            progress.done = IndexRanges(place["done"]?.string ?? "")
            progress.isComplete = place["complete"]?.bool ?? false
            progress.address = place["url"]?.string
            for ticket in place["tickets"]?.array ?? [] {
                guard let path = ticket["path"]?.string, let text = ticket["ticket"]?.string else { continue }
                progress.tickets[path] = text
            }
            places[title] = progress
        }
    }

    /// As it is written.
    package var bytes: [UInt8] {
        var writer = JSONWriter()
        writer.object { json in
            json.member("schema", Self.schema)
            json.member("sha256", digest.hexadecimal)
            json.member("pending", isPending)
            json.key("places")
            json.array { list in
                for (title, progress) in places.sorted(by: { $0.key < $1.key }) {
                    list.object { Self.write(title, progress, to: &$0) }
                }
            }
        }
        return writer.bytes
    }

    private static func write(_ title: String, _ progress: Progress, to json: inout JSONWriter) {
        json.member("title", title)
        json.member("complete", progress.isComplete)
        if let address = progress.address { json.member("url", address) }
        json.member("done", progress.done.text)
        json.key("tickets")
        json.array { list in
            for (path, ticket) in progress.tickets.sorted(by: { $0.key < $1.key }) {
                list.object { json in
                    json.member("path", path)
                    json.member("ticket", ticket)
                }
            }
        }
    }
}

/// A set of indices, mostly neighbours: `0-511,513`.
package struct IndexRanges: Sendable, Hashable {
    /// In order, apart from one another.
    private var ranges: [ClosedRange<Int>] = []

    package init() {}

    /// What is no range is left out.
    package init(_ text: String) {
        for part in text.split(separator: ",") {
            let ends = part.split(separator: "-").compactMap { Int($0) }
            guard let first = ends.first, let last = ends.last, ends.count <= 2, first >= 0, first <= last else {
                continue
            }
            if let previous = ranges.last, previous.upperBound + 1 >= first { continue }
            ranges.append(first...last)
        }
    }

    package var text: String {
        ranges.map { $0.count == 1 ? "\($0.lowerBound)" : "\($0.lowerBound)-\($0.upperBound)" }.joined(separator: ",")
    }

    package func contains(_ index: Int) -> Bool {
        let place = firstRange(endingFrom: index)
        return place < ranges.count && ranges[place].contains(index)
    }

    package mutating func insert(_ index: Int) {
        let place = firstRange(endingFrom: index)
        if place < ranges.count, ranges[place].contains(index) { return }
        let joinsLeft = place > 0 && ranges[place - 1].upperBound == index - 1
        let joinsRight = place < ranges.count && ranges[place].lowerBound == index + 1
        switch (joinsLeft, joinsRight) {
        case (true, true):
            ranges[place - 1] = ranges[place - 1].lowerBound...ranges[place].upperBound
            ranges.remove(at: place)
        case (true, false): ranges[place - 1] = ranges[place - 1].lowerBound...index
        case (false, true): ranges[place] = index...ranges[place].upperBound
        case (false, false): ranges.insert(index...index, at: place)
        }
    }

    /// The first range that ends at the index or after it.
    private func firstRange(endingFrom index: Int) -> Int {
        var low = 0
        var high = ranges.count
        while low < high {
            let middle = (low + high) / 2
            if ranges[middle].upperBound < index { low = middle + 1 } else { high = middle }
        }
        return low
    }
}

/// A journal on the disk, which several transfers write to.
final class UploadJournalFile: Sendable {
    private let path: FilePath
    private let files: any FileSystem
    private let state: Mutex<(journal: UploadJournal, unwritten: Int64)>

    /// Parcels weigh their bytes and this much: after so much the disk gets to know.
    private static let parcelWeight: Int64 = 1 << 20
    private static let patience: Int64 = 64 << 20

    /// Goes on with what is there, if it is of the same content.
    init(_ path: FilePath, digest: ContentDigest, files: any FileSystem) {
        self.path = path
        self.files = files
        // A journal that cannot be read only costs a look at what is there.
        let standing = (try? files.contents(of: path, limit: 64 << 20)).flatMap(UploadJournal.init)
        let journal = standing?.digest == digest ? standing : nil
        state = Mutex((journal ?? UploadJournal(digest: digest), 0))
    }

    var journal: UploadJournal { state.withLock { $0.journal } }

    /// Changes the progress at a place; it is written at once unless it `weighs` less than is worth it.
    func update(_ title: String, weighing weight: Int64? = nil, _ change: (inout UploadJournal.Progress) -> Void) {
        state.withLock { state in
            change(&state.journal.places[title, default: .init()])
            state.unwritten += (weight ?? Self.patience) + Self.parcelWeight
            if state.unwritten >= Self.patience { write(&state) }
        }
    }

    /// Says whether somebody still has to take it.
    func settle(isPending: Bool) {
        state.withLock { state in
            state.journal.isPending = isPending
            write(&state)
        }
    }

    private func write(_ state: inout (journal: UploadJournal, unwritten: Int64)) {
        state.unwritten = 0
        // An upload without a journal is still an upload; the next one only has to look at what is there.
        try? files.createDirectory(path.removingLastComponent())
        try? files.write(state.journal.bytes, to: path)
    }
}
