import CICore

/// A stand-in for one API: its operations over its own state, and what a person would see of that state.
package struct SimulatedAPI: Sendable {
    /// The first segment of its paths, such as `github`.
    package let id: String
    /// The first that fits answers; routes with a literal segment stand before those with a name in its place.
    package let routes: [Route]
    private let authorization: @Sendable (SimulatedRequest) -> SimulatedAnswer?
    private let refusal: @Sendable (Refusal, SimulatedRequest) -> SimulatedAnswer
    private let exhibition: @Sendable () -> Exhibit

    /// `authorize` runs before a route's handler, and its answer refuses the request; `refuse` has the API's own words
    /// for what goes wrong outside its handlers; `exhibit` tells what a person would see now.
    package init(
        id: String, routes: [Route],
        authorize: @escaping @Sendable (SimulatedRequest) -> SimulatedAnswer? = { _ in nil },
        refuse: @escaping @Sendable (Refusal, SimulatedRequest) -> SimulatedAnswer = { refusal, _ in refusal.answer },
        exhibit: @escaping @Sendable () -> Exhibit
    ) {
        self.id = id
        self.routes = routes
        authorization = authorize
        refusal = refuse
        exhibition = exhibit
    }

    /// What a person would see now.
    package func exhibit() -> Exhibit { exhibition() }

    /// The API's own words for what goes wrong.
    package func refuse(_ why: Refusal, _ request: SimulatedRequest) -> SimulatedAnswer { refusal(why, request) }

    /// Finds the route, asks whether the caller may and lets it answer.
    package func answer(to request: SimulatedRequest) -> SimulatedAnswer {
        guard let (route, request) = routed(request) else {
            let isKnown = routes.contains { $0.parameters(of: request.segments) != nil }
            return refusal(isKnown ? .methodNotAllowed : .notFound, request)
        }
        if let refused = authorization(request) { return refused }
        return route.answer(to: request)
    }

    /// The request with what its route makes of its path; HEAD is answered as GET is.
    func routed(_ request: SimulatedRequest) -> (Route, SimulatedRequest)? {
        let segments = request.segments
        let method = request.method == .head ? .get : request.method
        for route in routes where route.method == method {
            guard let parameters = route.parameters(of: segments) else { continue }
            var request = request
            request.target.template = route.template
            request.target.parameters = parameters
            return (route, request)
        }
        return nil
    }
}

extension SimulatedRequest {
    fileprivate var segments: [Substring] { target.path.split(separator: "/") }
}

/// What goes wrong outside of an API's handlers.
package enum Refusal: String, Sendable, Hashable, CaseIterable {
    case notFound
    case methodNotAllowed
    /// Too many requests in an hour.
    case rateLimited
    /// Too many requests at once.
    case secondaryLimited
    /// A token that may only read, as a fork's pull request gets it.
    case readOnly
    case tooLarge
    case unavailable

    /// How APIs say it that have no words of their own for it: `{"message": …}`.
    package var answer: SimulatedAnswer {
        switch self {
        case .notFound: .message(404, "Not Found")
        case .methodNotAllowed: .message(405, "Method Not Allowed")
        case .rateLimited, .secondaryLimited: .message(429, "Too Many Requests").with("Retry-After", "1")
        case .readOnly: .message(403, "Forbidden")
        case .tooLarge: .message(413, "Request Entity Too Large")
        case .unavailable: .message(503, "Service Unavailable")
        }
    }
}

extension SimulatedAnswer {
    /// `{"message": …}`.
    package static func message(_ status: Int, _ text: String) -> Self { .json(status, ["message": .string(text)]) }
}
