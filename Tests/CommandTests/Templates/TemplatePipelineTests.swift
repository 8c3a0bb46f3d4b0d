import Foundation
import Testing

/// The parallel jobs of each template, one after the other, with the real dt-ci in simulated jobs of the service.
struct TemplatePipelineTests {
    private let directory: TemporaryDirectory

    init() throws {
        directory = try TemporaryDirectory()
        try directory.write(
            """
            version: 1
            suites:
              - name: shell
                runner: command
                command: [sh, test.sh, "{{tests}}"]
                list: printf 'a\\nb\\nc\\nd\\ne\\nf\\ng\\nh\\n'
                units-per-batch: 1
            """, to: "project/dt-ci.yml")
        try directory.write("test $1 != b\n", to: "project/test.sh")
    }

    /// Runs a job as one of four nodes; its output and what a person would see.
    private func simulate(_ job: TemplateJob, node: Int) async throws -> DTCIBinary.Output {
        let index = { (text: String) in text.replacing("1/4", with: "\(node)/4") }
        let steps = job.steps.map {
            TemplateJob.Step(text: index($0.text), shell: $0.shell, setting: index($0.setting))
        }
        try TemplateJob(service: job.service, nodes: job.nodes, name: job.name, steps: steps).write(to: directory)
        let plan = directory.url.appending(path: "project/.dt-ci/plan.json")
        if FileManager.default.fileExists(atPath: plan.path) {
            try directory.write(
                try directory.text("project/.dt-ci/plan.json"), to: "project/pipeline/dt-ci-plan-1/plan.json")
        }
        let place = try DTCIBinary.executable().deletingLastPathComponent().path
        let path = ProcessInfo.processInfo.environment["PATH"] ?? ""
        return try await DTCIBinary(in: directory.url, environment: ["PATH": "\(place):\(path)"]).run([
            "simulate", job.service, "--event", "pull_request", "--node", "\(node)/4", "--", "bash",
            "\(directory.url.path)/driver.sh",
        ])
    }

    @Test(arguments: TemplateSample.services)
    func `plan, nodes and verdict prove that every test ran, or name the lost`(
        service: String
    ) async throws {
        func job(_ words: String...) throws -> TemplateJob {
            let found = TemplateJob.all.first { job in
                let text = job.steps.map { $0.setting + $0.text }.joined()
                return job.service == service && job.nodes == 4 && words.allSatisfy(text.contains)
            }
            return try #require(found)
        }
        let plan = try job("plan --nodes 4")
        let tests = try service == "travis-ci" ? job("--plan ", "DTCI_NODE=1/4") : job("--plan ")
        let verdict = try job("merge --expect 4")
        let planned = try await simulate(plan, node: 0)
        #expect(planned.exitCode == 0, "\(planned.standardOutput.suffix(1500))\(planned.standardError.suffix(1500))")
        for node in 0..<4 {
            let output = try await simulate(tests, node: node)
            #expect([0, 1].contains(output.exitCode), "\(output.standardOutput.suffix(1500))\(output.standardError)")
            #expect(directory.exists("project/.dt-ci/bundles/node-\(node)-of-4"))
            #expect(!output.standardOutput.contains("comment on"))
        }
        let whole = try await simulate(verdict, node: 0)
        #expect(whole.exitCode == 1)
        #expect(whole.standardOutput.contains("discovered 8 = ran 8"), "\(whole.standardOutput.suffix(1500))")
        #expect(whole.standardOutput.contains("comment on"))
        #expect(directory.exists("project/.dt-ci/junit.xml") && directory.exists("project/.dt-ci/results.json"))
        try FileManager.default.removeItem(at: directory.url.appending(path: "project/.dt-ci/bundles/node-2-of-4"))
        let partial = try await simulate(verdict, node: 0)
        #expect(partial.exitCode == 4)
        #expect(partial.standardOutput.contains("node 3 of 4 is missing"), "\(partial.standardOutput.suffix(1500))")
    }
}
