import CICore
import CIProviders
import Foundation
import Testing

@testable import dt_ci

/// Every form before its service's schema, in a whole pipeline that uses it, with labels and suites that are no plain words.
struct NodeOutputSchemaTests {
    private static let hostile = "it's a \"label\": #1 \\ ${{ x }} $(y) [z]"

    private static func jobs(_ count: Int, include: String? = nil) -> NodeJobs {
        NodeJobs(
            (0..<count).map {
                NodeJob(
                    index: $0, total: count, hardware: "linux-x86_64-2cpu", labels: [hostile, "second"],
                    estimate: .seconds(61), suites: ["suite \"one\": 'a'", "#two"])
            }, plan: String(repeating: "a", count: 64), layout: .standard, include: include)
    }

    private func text(_ name: String, _ jobs: NodeJobs) throws -> String {
        guard case .document(let text)? = NodeOutputs.named(name)?.rendering(of: jobs) else {
            throw CocoaError(.featureUnsupported)
        }
        return text
    }

    private func check(_ text: String, as schema: String) async throws -> TemplateTools.Answer {
        let directory = try TemporaryDirectory()
        try directory.write(text, to: "pipeline.yml")
        let transform = ["gitlab-ci", "azure-pipelines"].contains(schema) ? ["--data-transform", schema] : []
        return try await TemplateTools.run(
            ["check-jsonschema", "--builtin-schema", "vendor.\(schema)", "--regex-variant", "nonunicode"] + transform
                + ["pipeline.yml"], in: directory.url)
    }

    /// The pipeline of `dt-ci init --jobs auto`, with the form in the place of what the service puts there.
    private func pipeline(_ service: String, replacing expression: String, with text: String) throws -> String {
        let template = try #require(CIServices.named(service)?.template)
        let files = template.files(for: PipelineShape(nodes: 8, isAuto: true, layout: .standard))
        let file = try #require(files.first { $0.text.contains(expression) })
        return file.text.replacing(expression, with: text.trimmed)
    }

    @Test(arguments: [1, 8, 60], [nil, ".gitlab/dt-ci.yml"])
    func `a child pipeline is GitLab's`(nodes: Int, include: String?) async throws {
        let answer = try await check(try text("gitlab", Self.jobs(nodes, include: include)), as: "gitlab-ci")
        #expect(answer.exitCode == 0, "\(answer.text.prefix(2000))")
    }

    @Test(arguments: [1, 60]) func `steps are Buildkite's`(nodes: Int) async throws {
        let answer = try await check(try text("buildkite", Self.jobs(nodes)), as: "buildkite")
        #expect(answer.exitCode == 0, "\(answer.text.prefix(2000))")
    }

    @Test(arguments: [
        ("github-actions", "${{ fromJSON(needs.plan.outputs.matrix) }}", "github-matrix", "github-workflows"),
        ("azure-pipelines", "$[ dependencies.plan.outputs['dtci.matrix'] ]", "azure", "azure-pipelines"),
    ]) func `a matrix stands in the whole pipeline`(
        service: String, expression: String, form: String, schema: String
    ) async throws {
        let whole = try pipeline(service, replacing: expression, with: try text(form, Self.jobs(4)))
        let answer = try await check(whole, as: schema)
        #expect(answer.exitCode == 0, "\(answer.text.prefix(2000))")
        let broken = try pipeline(service, replacing: expression, with: "[]")
        #expect(try await check(broken, as: schema).exitCode != 0)
    }

    @Test func `every parameter for CircleCI is declared by the continued configuration`() async throws {
        let given = try JSONSerialization.jsonObject(with: Data(try text("circleci", Self.jobs(4)).utf8))
        let names = Set(try #require(given as? [String: Any]).keys)
        let template = try #require(CIServices.named("circleci")?.template)
        let files = template.files(for: PipelineShape(nodes: 8, isAuto: true, layout: .standard))
        let tests = try #require(files.first { $0.path == ".circleci/tests.yml" })
        #expect(Set(try YAMLTree(tests.text)["parameters"].members.map(\.0)) == names)
        for file in files {
            let answer = try await check(file.text, as: "circle-ci")
            #expect(answer.exitCode == 0, "\(file.path): \(answer.text.prefix(2000))")
        }
    }

    @Test func `Jenkins' own language reads the parallel map`() async throws {
        let directory = try TemporaryDirectory()
        try directory.write(try text("jenkins", Self.jobs(3)), to: "nodes.json")
        try directory.write(
            """
            def nodes = new groovy.json.JsonSlurper().parse(new File('nodes.json'))
            nodes.each { name, job -> println "${name}|${job.node}|${job.label}" }
            """, to: "read.groovy")
        let answer = try await TemplateTools.run(["groovy", "read.groovy"], in: directory.url)
        let label = "\"\(Self.hostile.replacing("\\", with: "\\\\").replacing("\"", with: "\\\""))\" && second"
        let lines = answer.text.split(separator: "\n").map(String.init)
        #expect(lines == (0..<3).map { "node \($0 + 1) of 3|\($0)/3|\(label)" }, "\(answer.text)")
    }
}
