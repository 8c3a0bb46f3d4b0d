import ArgumentParser
import CICore
import CIProviders
import CurlHTTP

import struct FoundationEssentials.Date

extension Surroundings {
    /// The way to the APIs of forges and CI services, with one budget for all that is asked and told; `http` stands in for
    /// the real way out, as a rehearsal does.
    func exchange(_ manners: Exchange.Manners = Exchange.Manners(), http: (any HTTPPort)? = nil) -> Exchange {
        Exchange(
            ports: Exchange.Ports(
                http: http ?? liveHTTP(), clock: ContinuousClock(), now: { Date() },
                random: { Double.random(in: $0) }),
            manners: manners)
    }

    /// HTTP by libcurl, with the proxies and certificates that the environment names.
    func liveHTTP() -> any HTTPPort {
        CurlHTTP(environment: environment, agent: "dt-ci/\(DTCI.configuration.version)")
    }
}

/// Asks for real and shows what it would write.
struct AskingOnlyHTTP: HTTPPort {
    let live: any HTTPPort
    let rehearsal: RehearsalHTTP

    func send(_ request: HTTPRequest) async throws(HTTPError) -> HTTPResponse {
        let isReading = request.method == .get || request.method == .head
        return isReading ? try await live.send(request) : try await rehearsal.send(request)
    }
}
