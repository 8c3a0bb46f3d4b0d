import Artifacts
import CICore
import SystemPackage

/// The starts of a package's test program that run just these units.
struct SwiftStarts {
    private(set) var all: [Start] = []

    /// One start.
    struct Start {
        var program: String
        var report: ExpectedReport
        /// What comes after the program.
        var arguments: [String]

        private var isSwiftTesting: Bool { report.format == .swiftEvents }

        func run(of suite: Suite) -> RunSeries.Run {
            let path = program.hasPrefix("/") ? program : suite.workingDirectory.appending(program).string
            // XCTest's log is its report; Swift Testing has one beside what it prints.
            return RunSeries.Run([path] + arguments, output: isSwiftTesting ? nil : report.path)
        }

        /// The tests that had begun and not ended.
        func running(in bytes: [UInt8]) -> [String] { isSwiftTesting ? openEvents(bytes) : openCases(bytes) }

        private func openCases(_ bytes: [UInt8]) -> [String] {
            var open: String?
            for line in bytes.split(separator: UInt8(ascii: "\n")) {
                let text = String(decoding: line, as: UTF8.self)
                guard let start = text.firstRange(of: "Test Case '"),
                    let end = text[start.upperBound...].firstRange(of: "' ")
                else { continue }
                let name = text[start.upperBound..<end.lowerBound]
                open = text[end.upperBound...].hasPrefix("started") ? String(name) : nil
            }
            guard let open, let dot = open.lastIndex(of: ".") else { return [] }
            return ["\(report.container ?? "").\(open[..<dot])/\(open[dot...].dropFirst())"]
        }

        private func openEvents(_ bytes: [UInt8]) -> [String] {
            var functions: Set<String> = []
            var open: [String] = []
            for line in bytes.split(separator: UInt8(ascii: "\n")) {
                guard let json = line.withUnsafeBufferPointer({ JSONValue($0) }), let payload = json["payload"] else {
                    continue
                }
                if payload["kind"]?.string == "function", let id = payload["id"]?.string { functions.insert(id) }
                guard let id = payload["testID"]?.string, functions.contains(id) else { continue }
                switch payload["kind"]?.string {
                case "testStarted": open.append(id)
                case "testEnded", "testSkipped", "testCancelled": open.removeAll { $0 == id }
                default: break
                }
            }
            // Without the place in the source: `Module.Suite/name()/File.swift:3:2`.
            return open.map { id in id.lastIndex(of: "/").map { String(id[..<$0]) } ?? id }
        }
    }

    /// Bytes of one list of XCTest tests or of one Swift Testing filter.
    private static let limit = 30 << 10

    init(units: [TestUnit], place: BatchPlace) {
        for (program, units) in Dictionary(grouping: units, by: \.container).sorted(by: { $0.key < $1.key }) {
            var seen: Set<String> = []
            let names = units.flatMap { $0.tests ?? [$0.selector] }.filter { seen.insert($0).inserted }
                .map { SwiftTestName(text: $0) }
            addXCTest(names.filter { !$0.isSwiftTesting }, program, place)
            addSwiftTesting(names.filter(\.isSwiftTesting), program, place)
        }
    }

    private mutating func addXCTest(_ names: [SwiftTestName], _ program: String, _ place: BatchPlace) {
        for (module, names) in Dictionary(grouping: names, by: \.module).sorted(by: { $0.key < $1.key }) {
            for group in ArgumentLimit.groups(of: names.map(\.text), limit: Self.limit) {
                let file = place.results.appending("xctest-\(all.count).log")
                all.append(
                    Start(
                        program: program,
                        report: ExpectedReport(
                            file, format: .xctestLog, container: module, classPrefix: module + "."),
                        arguments: [group.joined(separator: ",")]))
            }
        }
    }

    private mutating func addSwiftTesting(_ names: [SwiftTestName], _ program: String, _ place: BatchPlace) {
        guard !names.isEmpty else { return }
        let file = place.results.appending("swift-testing-\(all.count).jsonl")
        let filters = ArgumentLimit.groups(of: names.map(\.testFilter), limit: Self.limit).flatMap {
            ["--filter", $0.joined(separator: "|")]
        }
        all.append(
            Start(
                program: program, report: ExpectedReport(file, format: .swiftEvents),
                arguments: [
                    "--testing-library", "swift-testing", "--event-stream-output-path", file.string,
                    "--event-stream-version", "0",
                ] + filters))
    }
}
