package import CICore
import CIProviders

package import struct FoundationEssentials.Date

/// One exchange with an API as it was seen from here.
package struct Sighting: Sendable {
    /// Scheme and authority.
    package var origin: String
    package var sent: Date
    package var received: Date
    package var duration: Duration
    package var outcome: Result<HTTPResponse, HTTPError>

    package init(
        origin: String, sent: Date, received: Date, duration: Duration, outcome: Result<HTTPResponse, HTTPError>
    ) {
        self.origin = origin
        self.sent = sent
        self.received = received
        self.duration = duration
        self.outcome = outcome
    }

    /// The answer; `nil` if none came.
    package var answer: HTTPResponse? {
        guard case .success(let response) = outcome else { return nil }
        return response
    }
}

/// The way to an API, as findings.
package struct NetworkRules {
    /// As people call the API.
    private let title: String
    /// Whether reports are to be posted here.
    private let isNeeded: Bool

    package init(_ title: String, isNeeded: Bool) {
        self.title = title
        self.isNeeded = isNeeded
    }

    private var trouble: Finding.Level { isNeeded ? .problem : .note }

    /// What the exchanges with one API tell: whether it answers and how fast, what is left of its limit, and the clock.
    package func findings(_ sightings: [Sighting]) -> [Finding] {
        let answered = sightings.filter { $0.answer != nil }
        guard let best = answered.min(by: { $0.duration < $1.duration }), let answer = best.answer else {
            guard case .failure(let error)? = sightings.last?.outcome else { return [] }
            return [Finding(trouble, title, error.description, advice: advice(error))]
        }
        let version = answer.version.map { " over HTTP/\($0)" } ?? ""
        var findings = [
            Finding(
                .ok, title, "\(best.origin) answers in \(DurationText.short(best.duration))\(version)")
        ]
        if let limit = limit(answered) { findings.append(limit) }
        if let clock = clock(best, answer) { findings.append(clock) }
        return findings
    }

    private func limit(_ sightings: [Sighting]) -> Finding? {
        let answers = sightings.compactMap(\.answer)
        let number = { (names: [String]) in
            answers.reversed().lazy.compactMap { answer in
                names.lazy.compactMap { answer[header: $0].flatMap { Int($0) } }.first
            }.first
        }
        guard let left = number(["X-RateLimit-Remaining", "RateLimit-Remaining"]) else { return nil }
        let total = number(["X-RateLimit-Limit", "RateLimit-Limit"])
        let text = "\(left)\(total.map { " of \($0)" } ?? "") requests left"
        // A run with all its reports takes about twenty.
        guard left >= 50 else {
            return Finding(
                left == 0 ? trouble : .note, "rate limit", text,
                advice: "give this pipeline a token of its own, or post less: publish: progress: none in dt-ci.yml")
        }
        return Finding(.ok, "rate limit", text)
    }

    /// The answer's date has whole seconds: on average it was half a second later, when the request was half done.
    private func clock(_ sighting: Sighting, _ answer: HTTPResponse) -> Finding? {
        guard let there = answer[header: "Date"].flatMap(HTTPDate.parse) else { return nil }
        let here = (sighting.sent.timeIntervalSince1970 + sighting.received.timeIntervalSince1970) / 2
        return Self.clock(ahead: here - (there.timeIntervalSince1970 + 0.5))
    }

    /// `ahead` is in seconds; negative where this machine's clock is behind.
    static func clock(ahead: Double) -> Finding {
        let distance = abs(ahead)
        guard distance >= 30 else { return Finding(.ok, "clock", "within \(distance < 2 ? "2" : "30") s of the API's") }
        let side = ahead > 0 ? "ahead of" : "behind"
        let text = "\(DurationText.short(.seconds(distance))) \(side) the API's"
        let advice = "let the machine's time be set by NTP (timedatectl set-ntp true)"
        guard distance >= 300 else { return Finding(.note, "clock", text, advice: advice) }
        return Finding(
            .problem, "clock", "\(text): tokens and signatures count as expired or not yet valid", advice: advice)
    }

    private func advice(_ error: HTTPError) -> String {
        switch error.code {
        case .libraryMissing: "apt-get install libcurl4"
        case .notResolved: "check the name in --forge-api-url and the machine's DNS, or set HTTPS_PROXY"
        case .notConnected: "open the way to it in the firewall, or set HTTPS_PROXY to the proxy of this network"
        case .tls: "set SSL_CERT_FILE to the file with your company's certificate authority"
        case .timedOut: "check the firewall and the proxy: what is dropped silently looks like this"
        case .badURL: "set --forge-api-url to the API's base URL"
        case .broken, .cancelled, .bodyUnreadable: "try again; a proxy or load balancer on the way ends connections"
        }
    }
}
