import Foundation
import Testing

/// Ends of `dt-ci run` that nobody planned: signals, kills, children that cling to life.
struct RunInterruptionTests {
    private let directory: TemporaryDirectory
    private let binary: DTCIBinary

    init() throws {
        directory = try TemporaryDirectory()
        binary = DTCIBinary(in: directory.url)
    }

    /// One unit that passes, then one whose process tells its id and stays.
    private func configure(stay: String) throws -> Milestone {
        try directory.write(
            """
            version: 1
            suites:
              - name: shell
                runner: command
                command: [sh, test.sh, "{{tests}}"]
                list: printf 'a_first\\nb_second\\n'
                units-per-batch: 1
            run: {order: listed, slots: 1}
            """, to: "dt-ci.yml")
        let milestone = Milestone(in: directory, named: "milestone")
        try directory.write("test $1 = a_first && exit 0\n\(stay)\n", to: "test.sh")
        return milestone
    }

    private func lost() throws -> [String] {
        let data = Data(try directory.text(".dt-ci/results.json").utf8)
        let results = try #require(JSONSerialization.jsonObject(with: data) as? [String: Any])
        return try #require((results["completeness"] as? [String: Any])?["lost"] as? [String])
    }

    @Test(arguments: [SIGINT, SIGTERM]) func `a signal ends the children and keeps what is done`(
        number: Int32
    ) async throws {
        let milestone = try configure(stay: "echo $$ > milestone; exec sleep 300")
        let running = try RunningBinary(binary, "run")
        let child = try #require(Int32(try await milestone.reached()))
        let start = ContinuousClock.now
        running.signal(number)
        let (output, end) = try await running.endAndInstant()
        #expect(end - start < .seconds(7))
        #expect(output.exitCode == 128 + number, "\(output)")
        #expect(!isAlive(child))
        #expect(try lost() == ["shell::b_second"])
        #expect(try directory.text(".dt-ci/junit.xml").contains("a_first"))
        #expect(output.standardOutput.contains("discovered 2 = ran 1"))
    }

    @Test func `a child that ignores the request to end is killed`() async throws {
        let milestone = try configure(stay: "trap '' TERM INT; echo $$ > milestone; while :; do sleep 1; done")
        let running = try RunningBinary(binary, "run")
        let child = try #require(Int32(try await milestone.reached()))
        let start = ContinuousClock.now
        running.signal(SIGTERM)
        let (output, end) = try await running.endAndInstant()
        #expect(end - start < .seconds(7))
        #expect(output.exitCode == 128 + SIGTERM)
        #expect(!isAlive(child))
    }

    @Test func `when dt-ci is killed its children end, even one in a session of its own`() async throws {
        let milestone = try configure(
            stay: "setsid sh -c 'echo $$ > other; exec sleep 300' & sleep 300 & echo $$ $! > milestone; wait")
        let other = Milestone(in: directory, named: "other")
        let running = try RunningBinary(binary, "run")
        async let ids = milestone.reached()
        async let escaped = other.reached()
        let children = try await (ids.split(separator: " ") + [Substring(escaped)]).compactMap { Int32($0) }
        #expect(children.count == 3)
        running.signal(SIGKILL)
        _ = try await running.end()
        #expect(await areGone(children, within: .seconds(10)))
    }

    @Test func `a daemon that a test leaves behind is ended with the run`() async throws {
        let milestone = try configure(
            stay: "mkfifo up; setsid sh -c 'echo $$ > up; exec sleep 300' & cat up > milestone")
        let running = try RunningBinary(binary, "run")
        let daemon = try #require(Int32(try await milestone.reached()))
        let output = try await running.end()
        #expect(output.exitCode == 0, "\(output)")
        #expect(await areGone([daemon], within: .seconds(5)))
    }

    @Test func `a signal during the listing ends that too`() async throws {
        let milestone = Milestone(in: directory, named: "milestone")
        try directory.write(
            """
            version: 1
            suites:
              - name: shell
                runner: command
                command: ["true", "{{tests}}"]
                list: echo $$ > milestone; exec sleep 300
            """, to: "dt-ci.yml")
        let running = try RunningBinary(binary, "run")
        let child = try #require(Int32(try await milestone.reached()))
        running.signal(SIGINT)
        let output = try await running.end()
        #expect(output.exitCode == 130, "\(output)")
        #expect(await areGone([child], within: .seconds(5)))
    }
}
