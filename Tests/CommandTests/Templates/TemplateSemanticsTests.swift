import CIProviders
import Foundation
import Testing

@testable import dt_ci

/// What no schema says of a template.
struct TemplateSemanticsTests {
    private static let layout = ResultsLayout.standard

    private static func tree(_ service: String, _ sample: String) throws -> YAMLTree {
        let found = TemplateSample.all.first { $0.testDescription == "\(service)/\(sample)" }
        return try YAMLTree(try #require(found).file.text)
    }

    private static func text(_ service: String, _ sample: String) throws -> String {
        try #require(TemplateSample.all.first { $0.testDescription == "\(service)/\(sample)" }).file.text
    }

    // MARK: All services

    @Test(arguments: TemplateSample.all) func `no path is one that dt-ci does not write`(sample: TemplateSample) {
        let known: Set = [
            Self.layout.junit, Self.layout.results, Self.layout.history, Self.layout.plan, Self.layout.bundles,
            ".dt-ci/bin", ".dt-ci/bin/download", ".dt-ci/bin/dt-ci", ".dt-ci/history", ".dt-ci/history/history.db",
            ".dt-ci/gl-code-quality-report.json", ".dt-ci/exit-code",
            ".dt-ci/nodes", ".dt-ci/nodes.json", ".dt-ci/nodes.yml",
        ]
        let isPart: (Character) -> Bool = { $0.isLetter || $0.isNumber || "-._/".contains($0) }
        var rest = sample.file.text[...]
        while let start = rest.range(of: ".dt-ci/") {
            let path = String(rest[start.lowerBound...].prefix(while: isPart))
            rest = rest[start.upperBound...]
            let plain = path.hasSuffix("/") || path.hasSuffix(".") ? String(path.dropLast()) : path
            let isBundle = plain.hasPrefix("\(Self.layout.bundles)/node-")
            #expect(known.contains(plain) || isBundle || plain == ".dt-ci", "\(plain)")
        }
    }

    @Test(arguments: TemplateSample.all) func `what is fetched is checked before it can run, and no vendor is named`(
        sample: TemplateSample
    ) throws {
        let text = sample.file.text
        for shell in ["sh", "sh -", "bash"] { #expect(!text.contains("| \(shell)\n") && !text.contains("| \(shell) ")) }
        guard let fetch = text.range(of: "curl --fail") else { return }
        let check = try #require(text.range(of: "sha256sum -c", range: fetch.upperBound..<text.endIndex))
        let run = try #require(text.range(of: "chmod +x", range: fetch.upperBound..<text.endIndex))
        #expect(check.upperBound < run.lowerBound)
        #expect(text.contains("--retry 3"))
        #expect(!text.contains("https://"))
    }

    @Test(arguments: TemplateJob.all) func `a step ends in dt-ci itself where the service lets it`(job: TemplateJob) {
        let last = job.steps.last { $0.text.contains("dt-ci") && !$0.text.contains("cat .dt-ci/exit-code") }
        let line = last?.text.split(separator: "\n").map { $0.drop { $0 == " " } }.last { !$0.isEmpty } ?? ""
        let isNode = job.nodes > 1 && last?.text.contains("--plan") == true
        let mayNot =
            job.service == "travis-ci" || (isNode && ["bitbucket-pipelines", "circleci"].contains(job.service))
        #expect(line.hasPrefix("exec dt-ci ") != mayNot, "\(line)")
    }

    // MARK: GitHub

    @Test(arguments: TemplateSample.all.filter { $0.service == "github-actions" })
    func `actions are pinned to commits, with their versions beside`(sample: TemplateSample) {
        for line in sample.file.text.split(separator: "\n") where line.contains("uses: ") {
            guard !line.contains("uses: ./") else { continue }
            let name = line.split(separator: "@").last ?? ""
            #expect(name.prefix(40).allSatisfy { "0123456789abcdef".contains($0) }, "\(line)")
            #expect(name.dropFirst(40).hasPrefix(" # v") && name.count > 45, "\(line)")
        }
    }

    @Test(arguments: TemplateSample.all.filter { $0.service == "github-actions" })
    func `no expression reaches a shell but as a variable`(sample: TemplateSample) throws {
        for run in try YAMLTree(sample.file.text).all("run") {
            #expect(run.text?.contains("${{") == false, "\(run.text ?? "")")
        }
        for hostile in ["head_ref", "head_branch", ".title", ".body", "pull_request_target", "secrets."] {
            #expect(!sample.file.text.contains(hostile), "\(hostile)")
        }
    }

    @Test func `a job of GitHub may do what it must, and nothing else`() throws {
        let posts = ["contents": "read", "checks": "write", "pull-requests": "write"]
        let expected: [String: [String: [String: String]]] = [
            "one-job.yml": ["tests": posts],
            "parallel.yml": ["plan": ["contents": "read"], "tests": ["contents": "read"], "verdict": posts],
            "forks.yml": ["report": ["actions": "read", "checks": "write", "pull-requests": "write"]],
        ]
        for (sample, jobs) in expected {
            let tree = try Self.tree("github-actions", sample)
            #expect(tree["permissions"].isThere && tree["permissions"].members.isEmpty, "\(sample)")
            let found = tree["jobs"].members.map { name, job in
                (name, Dictionary(job["permissions"].members.map { ($0, $1.text ?? "") }) { $1 })
            }
            #expect(Dictionary(found) { $1 } == jobs, "\(sample)")
            // A token is handed to the jobs that post, and to no other.
            for (name, job) in tree["jobs"].members where sample != "forks.yml" {
                #expect(job.all("token").isEmpty != (jobs[name]?["checks"] == "write"), "\(sample) \(name)")
            }
            #expect(tree.all("persist-credentials").allSatisfy { $0.text == "false" })
            #expect(
                tree.all("uses").count { $0.text?.hasPrefix("actions/checkout") == true }
                    == tree.all("persist-credentials").count)
        }
    }

    @Test func `GitHub's verdict comes after all nodes, whatever became of them`() throws {
        let jobs = try Self.tree("github-actions", "parallel.yml")["jobs"]
        let names = jobs.members.map(\.0)
        for (_, job) in jobs.members { for need in job["needs"].texts { #expect(names.contains(need)) } }
        #expect(jobs["verdict"]["needs"].texts == ["plan", "tests"])
        #expect(jobs["verdict"]["if"].text == "${{ always() }}")
        let strategy = jobs["tests"]["strategy"]
        #expect(strategy["fail-fast"].text == "false")
        #expect(strategy["matrix"]["node"].texts == ["0", "1", "2", "3"])
        let arguments = try #require(jobs["tests"].all("arguments").first?.text)
        #expect(arguments.contains("--node ${{ strategy.job-index }}/${{ strategy.job-total }}"))
        let kept = Set(jobs.all("artifact").compactMap(\.text))
        #expect(kept == ["dt-ci-plan", "dt-ci-bundle-${{ strategy.job-index }}"])
        #expect(jobs["verdict"].all("pattern").map(\.text) == ["dt-ci-bundle-*"])
        #expect(jobs["verdict"].all("path").map(\.text) == [Self.layout.bundles])
        #expect(try Self.tree("github-actions", "action.yml").all("include-hidden-files").map(\.text) == ["true"])
    }

    @Test func `the report for forks takes nothing of the fork but one file`() throws {
        let tree = try Self.tree("github-actions", "forks.yml")
        #expect(
            tree["on"]["workflow_run"]["workflows"].texts == [
                try Self.tree("github-actions", "one-job.yml")["name"].text
            ])
        let uses = tree.all("uses").compactMap(\.text)
        #expect(uses.count == 1 && uses[0].hasPrefix("actions/download-artifact@"))
        #expect(tree.all("path").map(\.text) == ["untrusted"])
        #expect(tree.all("run").last?.text == "exec dt-ci publish untrusted/results.json")
        let artifact = try Self.tree("github-actions", "action.yml")["inputs"]["artifact"]["default"].text
        #expect(tree["jobs"]["report"].all("name").compactMap(\.text).contains(artifact ?? ""))
    }

    // MARK: Other services

    @Test func `GitLab's verdict comes after all nodes, whatever became of them`() throws {
        let tree = try Self.tree("gitlab-ci", "parallel.yml")
        let names = tree.members.map(\.0)
        for (_, job) in tree.members {
            for name in job["needs"].texts + job["extends"].texts { #expect(names.contains(name), "\(name)") }
            if let stage = job["stage"].text { #expect(tree["stages"].texts.contains(stage)) }
        }
        #expect(tree["tests"]["parallel"].text == "4")
        #expect(tree["tests"]["artifacts"]["when"].text == "always")
        #expect(tree["verdict"]["when"].text == "always")
        #expect(tree["verdict"]["needs"].texts == ["plan", "tests"])
        for sample in ["one-job.yml", "parallel.yml"] {
            let results = try Self.tree("gitlab-ci", sample)[".dt-ci-results"]["artifacts"]
            #expect(results["reports"]["junit"].text == Self.layout.junit && results["when"].text == "always")
        }
    }

    @Test func `Azure's verdict comes after all nodes, whatever became of them`() throws {
        let jobs = try Self.tree("azure-pipelines", "parallel.yml")["jobs"].items
        let names = jobs.compactMap { $0["job"].text }
        #expect(names == ["plan", "tests", "verdict"])
        for job in jobs { for name in job["dependsOn"].texts { #expect(names.contains(name)) } }
        #expect(jobs[1]["strategy"]["parallel"].text == "4")
        #expect(jobs[2]["dependsOn"].texts == ["plan", "tests"] && jobs[2]["condition"].text == "always()")
        #expect(jobs.map { $0.all("reports").map(\.text) } == [["false"], ["false"], ["true"]])
        for sample in ["one-job.yml", "parallel.yml"] {
            let steps = try Self.tree("azure-pipelines", sample)["jobs"].items.flatMap { $0["steps"].items }
            let tests = try #require(steps.first { $0["task"].text == "PublishTestResults@2" })
            #expect(tests["condition"].text == "always()")
            #expect(tests["inputs"]["testResultsFiles"].text == Self.layout.junit)
            for step in steps where step["publish"].text?.contains("bundles") == true {
                #expect(step["condition"].text == "always()")
            }
        }
    }

    @Test func `CircleCI's verdict comes after all nodes, whatever became of them`() throws {
        let tree = try Self.tree("circleci", "parallel.yml")
        let entries = tree["workflows"]["dt-ci"]["jobs"].items
        let names = entries.map { $0.text ?? $0.members.first?.0 ?? "" }
        #expect(names == ["plan", "tests", "verdict"] && names.allSatisfy { tree["jobs"][$0].isThere })
        #expect(entries[2]["verdict"]["requires"].items.first?["tests"].text == "terminal")
        #expect(entries[1]["tests"]["requires"].texts == ["plan"])
        #expect(tree["jobs"]["tests"]["parallelism"].text == "4")
        let steps = tree["jobs"]["tests"]["steps"].items
        let handover = try #require(steps.firstIndex { $0["persist_to_workspace"].isThere })
        let failing = try #require(steps.firstIndex { $0["run"]["command"].text?.hasPrefix("exit ") == true })
        #expect(handover < failing && failing == steps.count - 1)
        #expect(tree["commands"].all("store_test_results").first?["path"].text == Self.layout.junit)
    }

    @Test func `Bitbucket's verdict comes after all nodes, whatever became of them`() throws {
        let tree = try Self.tree("bitbucket-pipelines", "parallel.yml")
        for entries in [
            tree["pipelines"]["pull-requests"]["**"].items, tree["pipelines"]["branches"]["{main,master}"].items,
        ] {
            #expect(entries.count == 3)
            let nodes = entries[1]["parallel"]
            #expect(nodes["steps"].items.count == 4 && !nodes["fail-fast"].isThere)
            for node in nodes["steps"].items {
                #expect(node["step"]["script"].texts.last?.contains(" || echo ") == true)
                #expect(node["step"]["artifacts"].texts == ["\(Self.layout.bundles)/**"])
            }
            #expect(entries[2]["step"]["after-script"].texts.contains { $0.contains("test-results/") })
        }
    }

    @Test func `Travis's nodes hand on to the verdict, whatever their tests do`() throws {
        let jobs = try Self.tree("travis-ci", "parallel.yml")["jobs"]["include"].items
        #expect(jobs.map { $0["stage"].text } == ["plan", "tests", "tests", "tests", "tests", "verdict"])
        let nodes = jobs[1...4]
        #expect(nodes.map { $0["env"].text } == (0..<4).map { "DTCI_NODE=\($0)/4" })
        #expect(nodes.allSatisfy { $0["script"].texts.last?.contains(" || echo ") == true })
        #expect(jobs[5]["workspaces"]["use"].texts == nodes.compactMap { $0["workspaces"]["create"]["name"].text })
        #expect(nodes.allSatisfy { $0["workspaces"]["use"].text == jobs[0]["workspaces"]["create"]["name"].text })
        for job in TemplateJob.all where job.service == "travis-ci" {
            #expect(!job.steps[0].text.contains("exec "))
        }
    }

    @Test func `Jenkins' verdict comes after all nodes, whatever became of them`() throws {
        let text = try Self.text("jenkins", "parallel.Jenkinsfile")
        #expect(text.contains("catchError(buildResult: 'SUCCESS', stageResult: 'FAILURE') { parallel nodes }"))
        #expect(text.contains("i < 4; i++") && text.contains("--node ${index}/4"))
        #expect(text.between("} finally {", "}")?.contains("stash") == true)
        for sample in ["one-job.Jenkinsfile", "parallel.Jenkinsfile"] {
            let text = try Self.text("jenkins", sample)
            #expect(text.contains("junit testResults: '\(Self.layout.junit)'") && text.contains("fingerprint: true"))
            #expect(text.contains("!env.CHANGE_FORK"))
        }
    }

    @Test func `TeamCity's verdict comes after all nodes, whatever became of them`() throws {
        let text = try Self.text("teamcity", "parallel.settings.kts")
        #expect(text.contains("(0 until 4).map") && text.contains("--node $index/4"))
        let verdict = try #require(text.between("val verdict = BuildType {", "buildType(plan)"))
        #expect(verdict.contains("onDependencyFailure = FailureAction.IGNORE"))
        #expect(verdict.contains("onDependencyCancel = FailureAction.ADD_PROBLEM"))
        #expect(verdict.contains("tests.forEach") && verdict.contains("dtci(\"merge --expect 4\")"))
        #expect(text.contains("publishArtifacts = PublishMode.ALWAYS"))
    }
}
