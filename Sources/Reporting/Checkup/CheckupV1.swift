import CICore

/// `dt-ci/doctor/v1`.
package enum CheckupV1 {
    /// A document, indented, with a line feed at its end.
    package static func json(_ checkup: Checkup) -> String {
        var writer = JSONWriter()
        writer.object { writer in
            writer.member("schema", "dt-ci/doctor/v1")
            writer.member("works", checkup.exitCode == .passed)
            writer.member("exitCode", Int(checkup.exitCode.rawValue))
            writer.member("seconds", checkup.duration)
            writer.key("sections")
            writer.array(checkup.sections) { writer, section in
                writer.object { writer in
                    writer.member("title", section.title)
                    writer.key("findings")
                    writer.array(section.findings) { write($1, to: &$0) }
                }
            }
        }
        return String(decoding: JSONText.indented(writer.bytes), as: UTF8.self)
    }

    private static func write(_ finding: Finding, to writer: inout JSONWriter) {
        writer.object { writer in
            writer.member("level", finding.level.name)
            writer.member("subject", finding.subject)
            writer.member("text", finding.text)
            writer.member("advice", finding.advice)
        }
    }
}
