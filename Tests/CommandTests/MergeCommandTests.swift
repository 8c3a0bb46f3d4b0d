import Foundation
import Testing

/// `dt-ci run --node` and `dt-ci merge` through the built binary, with real processes.
struct MergeCommandTests {
    private let directory: TemporaryDirectory
    private let binary: DTCIBinary

    init() throws {
        directory = try TemporaryDirectory()
        binary = DTCIBinary(in: directory.url)
    }

    /// Six tests of the `command` runner; `script` is run by `sh` with one of them as `$1`.
    private func configure(_ script: String, suite: String = "") throws {
        try directory.write(script, to: "test.sh")
        try directory.write("a\nb\nc\nd\ne\nf\n", to: "units.txt")
        try directory.write(
            """
            version: 1
            suites:
              - name: shell
                runner: command
                command: [sh, test.sh, "{{tests}}"]
                list: cat units.txt
                units-per-batch: 1
            \(suite)
            """, to: "dt-ci.yml")
    }

    /// Runs the nodes of three, each with the variables of the environment.
    private func runNodes(_ nodes: [Int] = [0, 1, 2], _ options: String..., environment: [String: String] = [:])
        async throws
    {
        let binary = DTCIBinary(in: directory.url, environment: environment)
        for node in nodes {
            let output = try await binary.run(["run", "--node", "\(node)/3", "--publish", "never"] + options)
            #expect([0, 1].contains(output.exitCode), "\(output)")
        }
    }

    private func remove(_ path: String) throws {
        try FileManager.default.removeItem(at: directory.url.appending(path: path))
    }

    private func move(_ path: String, to other: String) throws {
        let target = directory.url.appending(path: other)
        try FileManager.default.createDirectory(
            at: target.deletingLastPathComponent(), withIntermediateDirectories: true)
        try FileManager.default.moveItem(at: directory.url.appending(path: path), to: target)
    }

    private func results() throws -> [String: Any] {
        let data = Data(try directory.text(".dt-ci/results.json").utf8)
        return try #require(JSONSerialization.jsonObject(with: data) as? [String: Any])
    }

    private func completeness() throws -> [String: Any] {
        try #require(results()["completeness"] as? [String: Any])
    }

    private func lost() throws -> [String] { try #require(completeness()["lost"] as? [String]) }

    private static let bundles = ".dt-ci/bundles"

    // MARK: Attachments

    /// A command that leaves a picture in its own directory, and empties that with each start, as browsers' runners do.
    private static let picturing = """
        rm -rf shots; mkdir shots; echo "picture of $1" > "shots/$1.png"
        printf '<testsuite><testcase classname="" name="%s"><system-out>[[ATTACHMENT|shots/%s.png]]</system-out>' \
            "$1" "$1" > "$2"
        echo '</testcase></testsuite>' >> "$2"
        """

    private func configurePicturing() throws {
        try configure(Self.picturing)
        let text = try directory.text("dt-ci.yml")
        try directory.write(
            text.replacingOccurrences(of: "\"{{tests}}\"", with: "\"{{tests}}\", \"{{results}}/r.xml\""),
            to: "dt-ci.yml")
    }

    /// Name and content of each file that a test is said to have left.
    private func pictures(in results: [String: Any]) throws -> [String: String] {
        let artifacts = try #require(results["artifacts"] as? [[String: Any]])
        return try Dictionary(
            uniqueKeysWithValues: artifacts.map { artifact in
                let path = try #require(artifact["path"] as? String)
                return (try #require(artifact["test"] as? String), try directory.text(".dt-ci/\(path)"))
            })
    }

    private static let expectedPictures = Dictionary(
        uniqueKeysWithValues: "abcdef".map { ("shell::\($0)", "picture of \($0)\n") })

    @Test func `attachments outlive the runner that empties their directory`() async throws {
        try configurePicturing()
        let output = try await binary.run("run", "--slots", "1")
        #expect(output.exitCode == 0, "\(output)")
        #expect(try pictures(in: results()) == Self.expectedPictures)
        let junit = try directory.text(".dt-ci/junit.xml")
        let named = junit.matches(of: /\[\[ATTACHMENT\|([^\]]*)\]\]/).map { String($0.1) }
        #expect(named.count == 6)
        #expect(named.allSatisfy { directory.exists($0) }, "\(named)")
        // A later run's results have none of an earlier one's.
        try directory.write("exit 0", to: "test.sh")
        _ = try await binary.run("run")
        #expect(!directory.exists(".dt-ci/attachments"))
    }

    @Test func `attachments come through bundles, and one that was changed is told`() async throws {
        try configurePicturing()
        try await runNodes([0, 1, 2], "--slots", "1")
        try move(Self.bundles, to: "artifacts")
        try remove(".dt-ci")
        #expect(try await binary.run("merge", "artifacts").exitCode == 0)
        #expect(try pictures(in: results()) == Self.expectedPictures)
        let junit = try directory.text(".dt-ci/junit.xml")
        for named in junit.matches(of: /\[\[ATTACHMENT\|([^\]]*)\]\]/) { #expect(directory.exists(String(named.1))) }
        let place = try #require(
            FileManager.default.enumerator(atPath: directory.url.appending(path: "artifacts").path)?
                .compactMap { $0 as? String }.first { $0.hasSuffix(".png") })
        try directory.write("another picture", to: "artifacts/\(place)")
        let output = try await binary.run("merge", "artifacts")
        #expect(output.standardOutput.contains("1 attachment is missing in the bundle or not what its results say"))
        #expect(try pictures(in: results()).count == 5)
    }

    // MARK: Places of artifacts

    @Test func `bundles travel by a place, and one that is not there is lost by name`() async throws {
        try configurePicturing()
        try await runNodes([0, 1, 2], "--slots", "1", "--bundle-to", "shared/run-7")
        try remove(".dt-ci")
        let whole = try await binary.run("merge", "--bundles-from", "shared/run-7")
        #expect(whole.exitCode == 0, "\(whole)")
        #expect(whole.standardOutput.contains("discovered 6 = ran 6 + skipped 0 + quarantined 0 + lost 0"))
        #expect(try pictures(in: results()) == Self.expectedPictures)
        for file in try FileManager.default.contentsOfDirectory(
            atPath: directory.url.appending(path: "shared/run-7").path) where file.hasPrefix("dt-ci-bundle-0")
        {
            try remove("shared/run-7/\(file)")
        }
        let torn = try await binary.run("merge", "--bundles-from", "shared/run-7")
        #expect(torn.exitCode == 4, "\(torn)")
        #expect(try lost().count == 2)
    }

    @Test func `a bundle that was changed at its place does not count`() async throws {
        try configure("exit 0")
        try await runNodes([0, 1, 2], "--bundle-to", "./shared")
        try directory.write("{}", to: "shared/dt-ci-bundle-1/results.json")
        let output = try await binary.run("merge", "--bundles-from", "./shared")
        #expect(output.exitCode == 4, "\(output)")
        #expect(output.standardOutput.contains("the bundle of node 2"), "\(output)")
    }

    @Test(arguments: [
        (["merge", "--bundles-from", "./empty"], Int32(4), "has no bundle of any node"),
        (["merge", "--bundles-from", "azure"], 4, "this is no job of Azure Pipelines"),
        (["run", "--bundle-to", "./shared"], 2, "--bundle-to: has no node to run"),
    ]) func `a place without bundles, or without a node, is said`(
        arguments: [String], code: Int32, words: String
    ) async throws {
        try configure("exit 0")
        let output = try await binary.run(arguments)
        #expect(output.exitCode == code, "\(output)")
        #expect((output.standardOutput + output.standardError).contains(words), "\(output)")
    }

    @Test func `a bundle with a secret stays here, and the node says so`() async throws {
        try configure("echo the token is $THE_TOKEN; exit 1")
        let binary = DTCIBinary(in: directory.url, environment: ["THE_TOKEN": "abcdefghijkl"])
        let output = try await binary.run("run", "--node", "0/1", "--publish", "never", "--bundle-to", "./shared")
        #expect(output.exitCode == 1, "\(output)")
        let said = output.standardOutput + output.standardError
        #expect(said.contains("the bundle of node 1 of 1 is not sent"), "\(said)")
        #expect(said.contains("THE_TOKEN"))
        #expect(!directory.exists("shared/dt-ci-bundle-0/results.json"))
    }

    // MARK: Whole runs

    @Test func `three nodes come to the verdict of one run, whatever their bundles' places`() async throws {
        try configure("exit 0")
        try await runNodes()
        try move("\(Self.bundles)/node-1-of-3", to: "artifacts/z/deep/bundle-b")
        try move("\(Self.bundles)/node-0-of-3", to: "artifacts/a/node-0-of-3")
        let output = try await binary.run("merge", "artifacts", Self.bundles)
        #expect(output.exitCode == 0, "\(output)")
        #expect(output.standardOutput.contains("discovered 6 = ran 6 + skipped 0 + quarantined 0 + lost 0"))
        #expect(try directory.text(".dt-ci/junit.xml").components(separatedBy: "<testcase").count == 7)
    }

    @Test func `failures of any node fail the run, and --only-failed runs them again`() async throws {
        try configure("echo $1 >> ran.txt; case $1 in b|e) exit 1;; esac")
        try await runNodes()
        let merged = try await binary.run("merge")
        #expect(merged.exitCode == 1, "\(merged)")
        try remove("ran.txt")
        #expect(try await binary.run("run", "--only-failed").exitCode == 1)
        #expect(try directory.text("ran.txt").split(separator: "\n").sorted() == ["b", "e"])
    }

    @Test func `--json prints the merged results alone`() async throws {
        try configure("exit 0")
        try await runNodes()
        let output = try await binary.run("merge", "--json")
        let json = try JSONSerialization.jsonObject(with: Data(output.standardOutput.utf8)) as? [String: Any]
        #expect(json?["schema"] as? String == "dt-ci/results/v1")
        #expect((json?["tests"] as? [Any])?.count == 6)
    }

    @Test func `a node without work passes and says so, and more nodes than tests merge`() async throws {
        try configure("exit 0")
        var idle = 0
        for node in 0..<8 {
            let output = try await binary.run("run", "--node", "\(node)/8", "--slots", "1")
            #expect(output.exitCode == 0, "\(output)")
            if output.standardError.contains("node \(node + 1) of 8 has nothing to run") { idle += 1 }
        }
        #expect(idle == 2)
        #expect(try await binary.run("merge").exitCode == 0)
        #expect(try completeness()["ran"] as? Int == 6)
    }

    @Test func `the history learns the whole run once, however often it is merged`() async throws {
        try configure("sleep 0.02")
        try await runNodes()
        #expect(!directory.exists(".dt-ci/history.db"))
        _ = try await binary.run("merge")
        _ = try await binary.run("merge")
        let shown = try await binary.run("history", "show", "shell::a", "--json")
        let json = try JSONSerialization.jsonObject(with: Data(shown.standardOutput.utf8)) as? [String: Any]
        #expect((json?["results"] as? [Any])?.count == 1, "\(shown)")
    }

    @Test func `--fail-fast on one node fails the run as it would fail an unsplit one`() async throws {
        try configure("case $1 in a|b) exit 1;; esac")
        try await runNodes([0, 1, 2], "--fail-fast", "1", "--slots", "1", "--order", "listed")
        let output = try await binary.run("merge")
        #expect(output.exitCode == 1, "\(output)")
    }

    // MARK: Plans

    @Test func `a saved plan is the plan of every node`() async throws {
        try configure("exit 0")
        #expect(try await binary.run("plan", "--nodes", "3", "--save", "plan.json").exitCode == 0)
        try await runNodes([0, 1, 2], "--plan", "plan.json")
        #expect(try await binary.run("merge").exitCode == 0)
    }

    @Test func `a unit that the plan lacks runs on one node, and one that is gone is lost`() async throws {
        try configure("echo $1 >> ran.txt")
        _ = try await binary.run("plan", "--nodes", "3", "--save", "plan.json")
        try directory.write("a\nb\nc\nd\ne\nnew1\nnew2\n", to: "units.txt")
        for node in 0..<3 {
            let output = try await binary.run("run", "--node", "\(node)/3", "--plan", "plan.json")
            #expect(output.standardError.contains("2 units are not in the plan"))
        }
        let output = try await binary.run("merge")
        #expect(output.exitCode == 4, "\(output)")
        #expect(try lost() == ["shell::f"])
        #expect(
            try directory.text("ran.txt").split(separator: "\n").sorted() == ["a", "b", "c", "d", "e", "new1", "new2"])
    }

    @Test(arguments: [
        (["--node", "3/3"], "expected 0/3 to 2/3"), (["--node", "x"], "such as 0/4"),
        (["--node", "-1/3"], "such as 0/4"),
        (["--node", "0/0"], "such as 0/4"), (["--node", "auto"], "does not say which of how many nodes"),
        (["--plan", "plan.json"], "has no node"), (["--node", "0/4", "--plan", "plan.json"], "plan for 3 nodes"),
        (["--node", "0/3", "--plan", "none.json"], "none.json"), (["--node", "0/3", "--plan", "units.txt"], "no plan"),
        (["--node", "0/3", "--plan", "changed.json"], "changed after it was made"),
        (["--node", "0/3", "--plan", "plan.json", "--order", "listed"], "another configuration"),
    ]) func `what cannot be is refused in a sentence`(arguments: [String], words: String) async throws {
        try configure("exit 0")
        _ = try await binary.run("plan", "--nodes", "3", "--save", "plan.json")
        let plan = try directory.text("plan.json")
        try directory.write(plan.replacing("shell::a", with: "shell::z"), to: "changed.json")
        let output = try await binary.run(["run"] + arguments)
        #expect(output.exitCode == 2, "\(output)")
        #expect(output.standardError.contains(words), "\(output.standardError)")
    }

    @Test func `auto takes the node of the build, and the variable is an option`() async throws {
        try configure("exit 0")
        let service = DTCIBinary(
            in: directory.url, environment: ["CI": "true", "CI_NODE_INDEX": "1", "CI_NODE_TOTAL": "3"])
        #expect(try await service.run("run", "--node", "auto", "--publish", "never").exitCode == 0)
        #expect(directory.exists("\(Self.bundles)/node-1-of-3/bundle.json"))
        let variable = DTCIBinary(in: directory.url, environment: ["DTCI_NODE": "2/3"])
        #expect(try await variable.run("run").exitCode == 0)
        #expect(directory.exists("\(Self.bundles)/node-2-of-3/bundle.json"))
    }

    @Test func `where auto is not possible the sentence says what to pass on that service`() async throws {
        try configure("exit 0")
        let github = DTCIBinary(in: directory.url, environment: ["GITHUB_ACTIONS": "true"])
        let output = try await github.run("run", "--node", "auto")
        #expect(output.exitCode == 2)
        #expect(output.standardError.contains("${{ strategy.job-index }}/${{ strategy.job-total }}"))
    }

    // MARK: Missing and damaged

    @Test func `a missing node's tests are lost by name`() async throws {
        try configure("exit 0")
        try await runNodes([0, 2])
        let output = try await binary.run("merge")
        #expect(output.exitCode == 4, "\(output)")
        #expect(output.standardOutput.contains("the bundle of node 2 of 3 is missing: 2 tests lost"))
        #expect(try lost().count == 2)
        #expect(try lost().allSatisfy { $0.hasPrefix("shell::") })
    }

    @Test func `--expect tells of nodes that no bundle knows of, and they are never green`() async throws {
        try configure("exit 0")
        try await runNodes()
        let one = try await binary.run("merge", "--expect", "4")
        #expect(one.exitCode == 4, "\(one)")
        let sentence = "is missing: the bundles are of a run over 3 nodes, and --expect says 4"
        #expect(one.standardOutput.contains("the bundle of node 4 of 4 \(sentence)"), "\(one)")
        #expect(try lost() == ["every test of node 4 of 4"])
        let two = try await binary.run("merge", "--expect", "5")
        #expect(two.standardOutput.contains("the bundles of node 4 of 5 to 5 are missing"), "\(two)")
        #expect(try await binary.run("merge", "--expect", "3").exitCode == 0)
    }

    @Test func `--expect of fewer nodes is a remark, for the plan tells what was to run`() async throws {
        try configure("exit 0")
        try await runNodes()
        let whole = try await binary.run("merge", "--expect", "2")
        #expect(whole.exitCode == 0, "\(whole)")
        #expect(whole.standardOutput.contains("the bundles are of a run over 3 nodes, and --expect says 2"))
        try remove("\(Self.bundles)/node-1-of-3")
        let torn = try await binary.run("merge", "--expect", "2")
        #expect(torn.exitCode == 4, "\(torn)")
        #expect(torn.standardOutput.contains("the bundle of node 2 of 3 is missing: 2 tests lost"))
    }

    @Test func `without any plan a missing node is lost as a whole`() async throws {
        try configure("exit 0")
        try await runNodes([0, 2])
        for node in [0, 2] { try remove("\(Self.bundles)/node-\(node)-of-3/plan.json") }
        let output = try await binary.run("merge", "--expect", "3")
        #expect(output.exitCode == 4, "\(output)")
        #expect(output.standardOutput.contains("the bundle of node 2 of 3 is missing"), "\(output)")
        #expect(try lost() == ["every test of node 2 of 3"])
    }

    @Test func `a killed node leaves half a bundle, which is told and never counts`() async throws {
        try configure(
            "mkfifo -m 600 gone 2>/dev/null; test $1 = \"$SLOW\" && { echo up > reached; exec sleep 300; }; exit 0")
        try await runNodes()
        let bundle = try directory.text("\(Self.bundles)/node-0-of-3/results.json")
        let unit = try #require(["a", "b", "c", "d", "e", "f"].first { bundle.contains("shell::\($0)\"") })
        let milestone = Milestone(in: directory, named: "reached")
        let killed = try RunningBinary(
            DTCIBinary(in: directory.url, environment: ["SLOW": unit]), "run", "--node", "0/3")
        _ = try await milestone.reached()
        killed.signal(SIGKILL)
        _ = try await killed.end()
        let output = try await binary.run("merge")
        #expect(output.exitCode == 4, "\(output)")
        #expect(output.standardOutput.contains("half a bundle"))
        #expect(output.standardOutput.contains("the bundle of node 1 of 3 is missing"))
    }

    @Test func `an interrupted node's bundle says what it did not run`() async throws {
        try configure("test \"$SLOW\" && { echo up > reached; exec sleep 300; }; exit 0")
        try await runNodes([1, 2])
        let milestone = Milestone(in: directory, named: "reached")
        let ended = try RunningBinary(
            DTCIBinary(in: directory.url, environment: ["SLOW": "1"]), "run", "--node", "0/3", "--slots", "1")
        _ = try await milestone.reached()
        ended.signal(SIGTERM)
        #expect(try await ended.end().exitCode == 143)
        let output = try await binary.run("merge")
        #expect(output.exitCode == 4, "\(output)")
        #expect(output.standardOutput.contains("node 1 of 3 was ended by signal 15; 2 tests did not run"))
    }

    @Test func `of a bundle that is cut what can be read counts, and the rest is lost`() async throws {
        try configure("exit 0")
        try await runNodes()
        let path = "\(Self.bundles)/node-1-of-3/results.json"
        let text = try directory.text(path)
        let second = try #require(text.ranges(of: "{\"id\"").last)
        try directory.write(String(text[..<second.upperBound]), to: path)
        let output = try await binary.run("merge")
        #expect(output.exitCode == 4, "\(output)")
        #expect(output.standardOutput.contains("node-1-of-3: its results.json is cut"))
        #expect(output.standardOutput.contains("the bundle of node 2 of 3 is damaged: 1 test lost"))
        #expect(try completeness()["ran"] as? Int == 5)
    }

    @Test func `results that were changed are never green`() async throws {
        try configure("test $1 != c")
        try await runNodes()
        for node in 0..<3 {
            let path = "\(Self.bundles)/node-\(node)-of-3/results.json"
            try directory.write(try directory.text(path).replacing("\"failed\"", with: "\"passed\""), to: path)
        }
        let output = try await binary.run("merge")
        #expect(output.exitCode == 4, "\(output)")
        #expect(output.standardOutput.contains("SHA-256 differs"))
    }

    @Test func `no bundle at all is never a pass`() async throws {
        let output = try await binary.run("merge")
        #expect(output.exitCode == 4, "\(output)")
        #expect(output.standardOutput.contains("no bundle found under"))
        let expecting = try await binary.run("merge", "--expect", "2")
        #expect(expecting.exitCode == 4)
        #expect(try lost() == ["every test of node 1 of 2", "every test of node 2 of 2"])
    }

    // MARK: Other runs and attempts

    private static func service(run: String, attempt: Int = 1, commit: String = "a") -> [String: String] {
        [
            "GITHUB_ACTIONS": "true", "GITHUB_RUN_ID": run, "GITHUB_RUN_ATTEMPT": "\(attempt)",
            "GITHUB_SHA": String(repeating: commit, count: 40), "GITHUB_EVENT_NAME": "push",
        ]
    }

    @Test func `another run's bundle is refused by name, and its tests are lost`() async throws {
        try configure("exit 0")
        try await runNodes([0, 1], environment: Self.service(run: "7"))
        try await runNodes([2], environment: Self.service(run: "6"))
        let here = DTCIBinary(in: directory.url, environment: Self.service(run: "7"))
        let output = try await here.run("merge", "--publish", "never")
        #expect(output.exitCode == 4, "\(output)")
        #expect(output.standardOutput.contains("node-2-of-3: is of another run (github-actions run 6"))
        #expect(try lost().count == 2)
    }

    @Test func `a job that was run again makes its earlier failures flaky`() async throws {
        try configure("test $1 != \"$BAD\"")
        _ = try await binary.run("plan", "--nodes", "3", "--save", "plan.json")
        try await runNodes(
            [0, 1, 2], "--plan", "plan.json", environment: Self.service(run: "7").merging(["BAD": "a"]) { $1 })
        let here = DTCIBinary(in: directory.url, environment: Self.service(run: "7", attempt: 2))
        #expect(try await here.run("merge", "--publish", "never").exitCode == 1)
        let failed = try #require(
            try (0..<3).first {
                try directory.text("\(Self.bundles)/node-\($0)-of-3/results.json").contains("shell::a\"")
            })
        try move("\(Self.bundles)/node-\(failed)-of-3", to: "first/node-\(failed)-of-3")
        try await runNodes([failed], "--plan", "plan.json", environment: Self.service(run: "7", attempt: 2))
        let output = try await here.run("merge", "first", Self.bundles, "--publish", "never")
        #expect(output.exitCode == 0, "\(output)")
        #expect(output.standardError.contains("node \(failed + 1) of 3 ran again: attempt 2"))
        #expect((try results()["totals"] as? [String: Any])?["flaky"] as? Int == 1)
        #expect(
            try await here.run("merge", "first", Self.bundles, "--publish", "never", "--fail-on-flaky").exitCode == 6)
    }
}
