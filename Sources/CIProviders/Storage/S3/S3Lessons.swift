import CICore
import Synchronization

import struct FoundationEssentials.Date

/// What a storage's refusals taught: where the bucket is, how wrong the clock is, what it has not learned.
final class S3Lessons: Sendable {
    struct Known: Sendable, Hashable {
        var region: String
        /// Seconds to add to our clock.
        var skew: Double = 0
        /// Whether it knows SHA-256 checksums of objects; Backblaze and R2 refuse some headers by name.
        var takesChecksums = true
    }

    private let state: Mutex<Known>

    init(region: String) { state = Mutex(Known(region: region)) }

    var known: Known { state.withLock { $0 } }

    /// Takes in what a refusal says; `false` if it says nothing that was not known to its request.
    func learn(from answer: APIAnswer, now: Date, since known: Known) -> Bool {
        let region = Self.region(in: answer)
        let skew = Self.skew(in: answer, now: now)
        let isAboutChecksums = [400, 501].contains(answer.status) && answer.text.contains("x-amz-checksum-")
        return state.withLock { state in
            if isAboutChecksums { state.takesChecksums = false }
            if let region, region != known.region { state.region = region }
            if let skew, abs(skew - known.skew) > Self.tolerance { state.skew = skew }
            return state != known
        }
    }

    /// Servers take signatures of up to fifteen minutes ago.
    private static let tolerance = 300.0

    /// 301 and 307 of AWS tell it in a header, 400 `AuthorizationHeaderMalformed` in an element.
    private static func region(in answer: APIAnswer) -> String? {
        let region =
            answer.response[header: "x-amz-bucket-region"] ?? S3Document(answer).first("Region")
            ?? S3Document(answer).first("Endpoint").flatMap(region(ofEndpoint:))
        guard let region, !region.isEmpty, region.utf8.allSatisfy(PercentEncoding.isUnreserved) else { return nil }
        return region
    }

    /// `bucket.s3-eu-west-1.amazonaws.com`, `bucket.s3.eu-west-1.amazonaws.com`
    private static func region(ofEndpoint host: String) -> String? {
        guard let end = host.firstRange(of: ".amazonaws.com"),
            let name = host[..<end.lowerBound].split(separator: ".").last
        else { return nil }
        return name.hasPrefix("s3-") ? String(name.dropFirst(3)) : name == "s3" ? "us-east-1" : String(name)
    }

    private static func skew(in answer: APIAnswer, now: Date) -> Double? {
        guard answer.status == 403, let date = answer.response[header: "Date"].flatMap(HTTPDate.parse) else {
            return nil
        }
        let skew = date.timeIntervalSince(now)
        return abs(skew) > tolerance ? skew : nil
    }
}
