import CICore

import struct FoundationEssentials.Data

extension Scenario {
    /// The token of GitHub's artifact service: an unsigned JWT whose claim `scp` names the run and the job.
    package var actionsRuntimeToken: String {
        let scope = "Actions.Results:\(runBackendID):\(jobBackendID)"
        let claims: JSONValue = [
            "scp": .string("Actions.GenericRead:00000000-0000-0000-0000-000000000000 \(scope)"), "exp": 4_102_444_800,
            "orchid": .string(tokens.job),
        ]
        let header: JSONValue = ["alg": "none", "typ": "JWT"]
        return "\(Self.base64URL(header.encoded)).\(Self.base64URL(claims.encoded)).simulated"
    }

    /// The run as the artifact service knows it.
    package var runBackendID: String { "ce7f54c7-61c7-4aae-887f-\(Self.digits(build.runID))" }

    /// The job as the artifact service knows it.
    package var jobBackendID: String { "ca395085-040a-526b-2ce8-\(Self.digits(build.jobID))" }

    private static func digits(_ number: Int) -> String {
        let text = String(number)
        return String(repeating: "0", count: max(0, 12 - text.count)) + text.suffix(12)
    }

    private static func base64URL(_ bytes: [UInt8]) -> String {
        let translated = Data(bytes).base64EncodedString().compactMap { character -> Character? in
            switch character {
            case "+": "-"
            case "/": "_"
            case "=": nil
            default: character
            }
        }
        return String(translated)
    }
}
