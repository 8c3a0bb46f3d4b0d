import CICore
import FoundationEssentials
import Testing

@testable import CIProviders

struct NodeOutputTests {
    static let layout = ResultsLayout(
        root: ".dt-ci", junit: ".dt-ci/junit.xml", results: ".dt-ci/results.json", history: ".dt-ci/history.db",
        plan: ".dt-ci/plan.json", bundles: ".dt-ci/bundles")

    static func jobs(_ count: Int, labels: [String] = [], suites: [SuiteName] = ["unit"]) -> NodeJobs {
        NodeJobs(
            (0..<count).map {
                NodeJob(
                    index: $0, total: count, hardware: "linux-x86_64-2cpu", labels: labels, estimate: .seconds(61),
                    suites: suites)
            }, plan: String(repeating: "a", count: 64), layout: layout)
    }

    private func text(_ name: String, _ jobs: NodeJobs) throws -> String {
        let output = try #require(NodeOutputs.named(name))
        guard case .document(let text) = output.rendering(of: jobs) else { return "" }
        return text
    }

    @Test func `every form has one name`() {
        let names = NodeOutputs.all.map(\.name)
        #expect(Set(names).count == names.count)
        #expect(
            Set(names) == [
                "github-matrix", "gitlab", "azure", "circleci", "jenkins", "buildkite", "bitbucket", "teamcity",
            ])
    }

    @Test func `GitHub's matrix has an entry for each node, with what it runs on`() throws {
        let text = try text("github-matrix", Self.jobs(2, labels: ["self-hosted", "gpu"]))
        #expect(
            text == """
                {"include":[{"node":"0/2","index":0,"total":2,"runs-on":["self-hosted","gpu"],\
                "hardware":"linux-x86_64-2cpu","seconds":61,"suites":"unit"},{"node":"1/2","index":1,"total":2,\
                "runs-on":["self-hosted","gpu"],"hardware":"linux-x86_64-2cpu","seconds":61,"suites":"unit"}]}

                """)
        #expect(NodeOutputs.named("github-matrix")?.mostNodes == 256)
    }

    @Test func `labels and suites with quotes stay what they are`() throws {
        let label = "a \"quoted\" l'abel: #1 ${{ x }} $(y) \\ end"
        let jobs = Self.jobs(1, labels: [label], suites: ["it's \"odd\": {x}\u{2028}y"])
        struct Matrix: Decodable {
            struct Entry: Decodable {
                var suites: String
                var labels: [String]

                enum CodingKeys: String, CodingKey {
                    case suites
                    case labels = "runs-on"
                }
            }
            var include: [Entry]
        }
        let matrix = try JSONDecoder().decode(Matrix.self, from: Data(try text("github-matrix", jobs).utf8))
        #expect(matrix.include.map(\.labels) == [[label]])
        #expect(matrix.include[0].suites.hasPrefix("it's \"odd\": {x}"))
        for name in ["azure", "jenkins", "circleci", "github-matrix"] {
            #expect(try text(name, jobs).split(separator: "\n").count == 1)
        }
    }

    @Test(arguments: [
        (["linux"], "linux"), (["linux", "gpu"], "linux && gpu"), (["osx (10.11)"], "\"osx (10.11)\""),
        (["a\"b\\c"], "\"a\\\"b\\\\c\""), ([], ""),
    ]) func `Jenkins' labels are an expression`(labels: [String], expression: String) throws {
        struct Job: Decodable { var label: String }
        let jobs = try JSONDecoder().decode(
            [String: Job].self, from: Data(try text("jenkins", Self.jobs(1, labels: labels)).utf8))
        #expect(jobs["node 1 of 1"]?.label == expression)
    }

    @Test func `Buildkite replaces no variable in a label`() throws {
        let text = try text("buildkite", Self.jobs(1, labels: ["$HOME", "os=linux"]))
        #expect(text.contains(#"agents: ["queue=$$HOME","os=linux"]"#))
    }

    @Test func `GitLab's verdict needs its nodes, as far as needs may count`() throws {
        #expect(try text("gitlab", Self.jobs(3)).contains(#"needs: ["tests 1/3","tests 2/3","tests 3/3"]"#))
        let many = try text("gitlab", Self.jobs(51))
        #expect(!many.contains("needs: [\"tests"))
        #expect(many.contains("stages: [\"tests\",\"verdict\"]"))
    }

    @Test func `fixed counts are told by files and parameters`() throws {
        let files = try #require(NodeOutputs.named("bitbucket")).rendering(of: Self.jobs(2))
        #expect(files == .files([.init(name: "0", text: "0/2\n"), .init(name: "1", text: "1/2\n")]))
        #expect(try text("teamcity", Self.jobs(5)) == "dtci.nodes=5\n")
    }

    @Test func `a service's own channel gets lines that it reads`() throws {
        guard case .file("GITHUB_OUTPUT", let gitHub)? = NodeOutputs.named("github-matrix")?.channel,
            case .log(let azure)? = NodeOutputs.named("azure")?.channel,
            case .log(let teamCity)? = NodeOutputs.named("teamcity")?.channel
        else {
            Issue.record("a channel is missing")
            return
        }
        let jobs = Self.jobs(1, labels: ["100% ]\n"])
        #expect(gitHub(jobs).map { $0.prefix { $0 != "=" } } == ["matrix", "nodes", "plan"])
        #expect(gitHub(jobs).allSatisfy { !$0.contains("\n") })
        #expect(azure(jobs)[0].hasPrefix("##vso[task.setvariable variable=matrix;isOutput=true]{\"node_1\":"))
        #expect(azure(jobs)[0].contains("100%AZP25 ]\\n"))
        #expect(teamCity(jobs) == ["##teamcity[setParameter name='dtci.nodes' value='1']"])
    }
}
