import CICore
import Reporting
import Synchronization

import struct FoundationEssentials.Date

/// Lets requests that only read through to the real way out, and remembers what came of them.
final class WatchedHTTP: HTTPPort {
    private let live: any HTTPPort
    private let seen = Mutex<[Sighting]>([])

    init(_ live: any HTTPPort) { self.live = live }

    /// What was exchanged with one origin so far, in the order of the answers.
    func sightings(of origin: String) -> [Sighting] { seen.withLock { $0.filter { $0.origin == origin } } }

    func send(_ request: HTTPRequest) async throws(HTTPError) -> HTTPResponse {
        guard request.method == .get || request.method == .head else {
            throw HTTPError(code: .cancelled, description: "a checkup writes nothing")
        }
        let sent = Date()
        let start = ContinuousClock.now
        let outcome: Result<HTTPResponse, HTTPError>
        do throws(HTTPError) {
            outcome = .success(try await live.send(request))
        } catch {
            outcome = .failure(error)
        }
        let sighting = Sighting(
            origin: Self.origin(of: request.url), sent: sent, received: Date(),
            duration: ContinuousClock.now - start, outcome: outcome)
        seen.withLock { $0.append(sighting) }
        return try outcome.get()
    }

    /// Scheme and authority of a URL.
    static func origin(of url: String) -> String {
        guard let scheme = url.firstRange(of: "://") else { return url }
        return String(url[..<scheme.upperBound]) + url[scheme.upperBound...].prefix { !"/?#".contains($0) }
    }
}
