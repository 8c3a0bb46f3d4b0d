/// The report formats that dt-ci reads; the raw value is what `--input-format` takes.
package enum ReportFormat: String, Sendable, Hashable, CaseIterable {
    case junit
    case nunit2
    case nunit3
    case xunitNet = "xunit-net"
    case trx
    case tap
    case goTestJSON = "go-test-json"
    /// `x-swift-testing.xml`: JUnit with unescaped names.
    case swiftTestingXML = "swift-testing-xml"
    /// `swift test --event-stream-output-path`.
    case swiftEvents = "swift-events"
}
