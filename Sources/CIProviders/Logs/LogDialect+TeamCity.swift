import CICore
import Crypto

extension LogDialect {
    /// Service messages of TeamCity ("Service Messages"). Tests are told at the end of the run, each with its duration in
    /// milliseconds; a build problem's description may have 4,000 characters.
    static let teamCity = LogDialect(
        open: { title, id, _ in message("blockOpened", ["name": id, "description": SafeText.line(title)]) },
        close: { id, _ in message("blockClosed", ["name": id]) },
        annotation: { annotation in
            guard annotation.level != .failure else { return nil }
            return message("message", ["text": "\(annotation.title): \(annotation.message)", "status": "WARNING"])
        },
        upload: { path, name in message("publishArtifacts", value: "\(path) => \(name)") },
        tests: testMessages,
        build: BuildCommands(
            text: { message("buildStatus", ["text": "\(SafeText.line($0)); {build.status.text}"]) },
            tag: { message("addBuildTag", value: SummaryText.line($0, units: 60)) },
            problem: problemMessage))

    /// Of two problems with one identity the second is not shown; it may have 60 characters of a Java identifier.
    @Sendable private static func problemMessage(_ text: String) -> String {
        let line = SummaryText.line(text, units: 4_000)
        let digest = Hexadecimal.text(of: SHA256.hash(data: Array(line.utf8))).prefix(32)
        return message("buildProblem", ["description": line, "identity": "dtci_\(digest)"])
    }

    @Sendable private static func testMessages(_ results: RunResults) -> [String] {
        var lines: [String] = []
        for test in results.tests {
            let identity = test.identity
            let name = [identity.suite.rawValue, identity.className, identity.name].filter { !$0.isEmpty }
                .joined(separator: ".")
            let reason = test.deciding?.reason
            lines.append(message("testStarted", ["name": name, "captureStandardOutput": "false"]))
            switch test.outcome {
            case .passed: break
            case .skipped: lines.append(message("testIgnored", ["name": name, "message": reason?.message ?? ""]))
            case .failed, .errored:
                let verb = results.isQuarantined(test.id) ? "testIgnored" : "testFailed"
                lines.append(
                    message(
                        verb,
                        [
                            "name": name, "message": SafeText.line(reason?.message ?? test.outcome.rawValue),
                            "details": SafeText.block(reason?.details ?? ""),
                        ]))
            }
            let milliseconds = Int(test.duration / .milliseconds(1))
            lines.append(message("testFinished", ["name": name, "duration": String(milliseconds)]))
        }
        return lines
    }

    private static func message(_ name: String, _ attributes: [String: String]) -> String {
        let pairs = attributes.sorted { $0.key < $1.key }.map { "\($0.key)='\(escape($0.value))'" }
        return "##teamcity[\(name) \(pairs.joined(separator: " "))]"
    }

    private static func message(_ name: String, value: String) -> String {
        "##teamcity[\(name) '\(escape(value))']"
    }

    /// Everything beyond ASCII goes as `|0xNNNN`, in UTF-16 as the reader has it.
    private static func escape(_ text: String) -> String {
        var escaped = ""
        for unit in text.utf16 {
            switch unit {
            case 0x7C: escaped += "||"
            case 0x27: escaped += "|'"
            case 0x5B: escaped += "|["
            case 0x5D: escaped += "|]"
            case 0x0A: escaped += "|n"
            case 0x0D: escaped += "|r"
            case 0x20..<0x7F: escaped.unicodeScalars.append(Unicode.Scalar(UInt8(unit)))
            default:
                let digits = String(unit, radix: 16)
                escaped += "|0x" + String(repeating: "0", count: 4 - digits.count) + digits
            }
        }
        return escaped
    }
}
