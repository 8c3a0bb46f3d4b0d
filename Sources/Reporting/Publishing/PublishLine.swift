import CICore
import CIProviders

/// What became of one report, in one line.
package struct PublishLine: Sendable, Hashable, CustomStringConvertible {
    /// How it went.
    package enum Result: Sendable, Hashable {
        /// Where it can be looked at, if the API tells.
        case posted(at: String?)
        /// Not possible, and what to do about it; `insteadOf` names the rung that took its place afterwards.
        case refused(reason: String, advice: String?)
        /// Nothing to do, such as a comment without a pull request.
        case needless(String)
    }

    /// `check run`, `comment`, …
    package var report: String
    package var result: Result

    package init(_ report: String, _ result: Result) {
        self.report = report
        self.result = result
    }

    /// Reports that one and the same thing stands in the way of share a line.
    package static func joined(_ lines: [Self]) -> [Self] {
        var joined: [Self] = []
        for line in lines {
            if line.isRefused, let index = joined.firstIndex(where: { $0.result == line.result }) {
                joined[index].report += ", \(line.report)"
            } else {
                joined.append(line)
            }
        }
        return joined
    }

    package var isRefused: Bool {
        if case .refused = result { return true }
        return false
    }

    package var description: String {
        switch result {
        case .posted(let url):
            return "\(report): posted" + (url.map { " (\(SafeText.line($0, limit: 200)))" } ?? "")
        case .refused(let reason, let advice):
            let hint = advice.map { "; to fix: \($0)" } ?? ""
            return "\(report): not posted: \(SafeText.line(reason))\(SafeText.line(hint))"
        case .needless(let why):
            return "\(report): \(SafeText.line(why))"
        }
    }
}

extension PublishLine.Result {
    init(_ obstacle: Obstacle) { self = .refused(reason: obstacle.reason, advice: obstacle.advice) }

    /// `advice` stands for refusals that a permission would lift.
    init(_ error: APIError, advice: String?) {
        let isPermission = [.unauthorized, .forbidden, .notFound, .noCredentials].contains(error.code)
        self = .refused(reason: error.description, advice: isPermission ? advice : nil)
    }
}
