import CIProviders
import Foundation
import Testing

@testable import dt_ci

/// `dt-ci init --ci` as a user starts it.
struct InitPipelineTests {
    private let directory: TemporaryDirectory

    init() throws { directory = try TemporaryDirectory() }

    private func run(_ arguments: String..., environment: [String: String] = [:]) async throws -> DTCIBinary.Output {
        try await DTCIBinary(in: directory.url, environment: environment).run(["init"] + arguments)
    }

    @Test(arguments: TemplateSample.services, [1, 4]) func `what it writes is what lies in ci-templates`(
        service: String, nodes: Int
    ) async throws {
        let output = try await run("--ci", service, "--jobs", "\(nodes)")
        #expect(output.exitCode == 0, "\(output.standardError)")
        let template = try #require(CIServices.named(service)?.template)
        let files = template.files(for: PipelineShape(nodes: nodes, layout: .standard))
        for file in files {
            let sample = TemplateSample.directory.appending(path: "\(service)/\(file.sample)")
            #expect(try directory.text(file.path) == String(contentsOf: sample, encoding: .utf8))
            #expect(output.lines.contains("wrote \(file.path)"))
        }
        #expect(output.standardOutput.contains("next: "))
        #expect(directory.exists("dt-ci.yml"))
    }

    @Test(arguments: CIServices.all.filter { $0.output != nil && $0.template != nil }.map(\.id))
    func `with as many jobs as are best it writes the samples of that shape`(service: String) async throws {
        let output = try await run("--ci", service, "--jobs", "auto")
        #expect(output.exitCode == 0, "\(output.standardError)")
        let template = try #require(CIServices.named(service)?.template)
        for file in template.files(for: PipelineShape(nodes: 8, isAuto: true, layout: .standard)) {
            let sample = TemplateSample.directory.appending(path: "\(service)/\(file.sample)")
            #expect(try directory.text(file.path) == String(contentsOf: sample, encoding: .utf8))
        }
    }

    @Test func `a service that takes no plan's jobs has no such shape`() async throws {
        let output = try await run("--ci", "travis-ci", "--jobs", "auto")
        #expect(output.exitCode == 2)
        #expect(output.standardError.contains("cannot start as many jobs as a plan asks for"))
        #expect(!directory.exists(".travis.yml"))
    }

    @Test func `ci-templates holds nothing else`() throws {
        let found = try FileManager.default.subpathsOfDirectory(atPath: TemplateSample.directory.path)
            .filter { $0.contains("/") }
        #expect(Set(found) == Set(TemplateSample.all.map(\.testDescription)))
    }

    @Test func `a file of somebody else is never touched, and nothing is written beside it`() async throws {
        try directory.write("mine\n", to: ".github/workflows/dt-ci.yml")
        let refused = try await run("--ci", "github-actions")
        #expect(refused.exitCode == 2)
        #expect(refused.standardError.contains(".github/workflows/dt-ci.yml: it is there already; expected --force"))
        #expect(try directory.text(".github/workflows/dt-ci.yml") == "mine\n")
        #expect(!directory.exists(".github/actions") && !directory.exists("dt-ci.yml"))
        #expect(try await run("--ci", "github-actions", "--force").exitCode == 0)
        #expect(try directory.text(".github/workflows/dt-ci.yml") != "mine\n")
    }

    @Test func `a second time changes nothing, and a configuration stays even when forced`() async throws {
        #expect(try await run("--ci", "gitlab-ci").exitCode == 0)
        try directory.write("version: 1\n", to: "dt-ci.yml")
        let again = try await run("--ci", "gitlab-ci", "--force")
        #expect(again.exitCode == 0)
        #expect(again.lines.prefix(2) == ["kept  dt-ci.yml", "kept  .gitlab-ci.yml"])
        #expect(try directory.text("dt-ci.yml") == "version: 1\n")
    }

    @Test func `a dry run prints the files and writes none`() async throws {
        let output = try await run("--ci", "azure-pipelines", "--dry-run")
        #expect(output.standardOutput.contains("# ---- azure-pipelines.yml\n"))
        #expect(output.standardOutput.contains("# ---- .azure-pipelines/dt-ci.yml\n"))
        #expect(!directory.exists("azure-pipelines.yml") && !directory.exists("dt-ci.yml"))
    }

    @Test(arguments: [
        (["GITLAB_CI": "true"], ".gitlab-ci.yml"), (["TRAVIS": "true"], ".travis.yml"),
        (["TEAMCITY_VERSION": "2024.03"], ".teamcity/settings.kts"),
    ]) func `auto is the service that it runs in`(environment: [String: String], path: String) async throws {
        #expect(try await run("--ci", "auto", environment: environment).exitCode == 0)
        #expect(directory.exists(path))
    }

    @Test(arguments: [
        ("https://github.com/o/r.git", ".github/workflows/dt-ci.yml"), ("git@gitlab.com:o/r.git", ".gitlab-ci.yml"),
        ("git@bitbucket.org:o/r.git", "bitbucket-pipelines.yml"),
        ("https://dev.azure.com/acme/widgets/_git/widgets", "azure-pipelines.yml"),
    ]) func `auto is the service of the forge on a machine without one`(url: String, path: String) async throws {
        let git = try await DTCIBinary(in: directory.url).paste("git init -q . && git remote add origin '\(url)'")
        #expect(git.exitCode == 0)
        let output = try await run("--ci", "auto")
        #expect(output.exitCode == 0 && output.standardError == "", "\(output.standardError)")
        #expect(directory.exists(path))
    }

    @Test(arguments: [
        (["--ci", "auto"], "github-actions"), (["--ci", "gitlab"], "gitlab-ci"), (["--ci", "local"], "auto or"),
        (["--ci", "jenkins", "--jobs", "0"], "1 to 256"), (["--ci", "bitbucket-pipelines", "--jobs", "99"], "1 to 98"),
        (["--jobs", "2"], "--ci"), (["--ci", "jenkins", "--url", "https://x/y"], "expected both"),
        (["--ci", "jenkins", "--url", "x';rm -rf /", "--sha256", String(repeating: "a", count: 64)], "plain URL"),
        (["--ci", "jenkins", "--url", "https://x/y", "--sha256", "abc"], "64 hexadecimal"),
    ]) func `what makes no sense is refused`(arguments: [String], words: String) async throws {
        let output = try await DTCIBinary(in: directory.url).run(["init"] + arguments)
        #expect(output.exitCode == 2)
        #expect(output.standardError.contains(words), "\(output.standardError)")
        #expect(try FileManager.default.contentsOfDirectory(atPath: directory.url.path).isEmpty)
    }

    @Test(arguments: TemplateSample.services, [1, 4]) func `a known binary is written into the files`(
        service: String, nodes: Int
    ) async throws {
        let digest = String(repeating: "0123456789abcdef", count: 4)
        let output = try await run(
            "--ci", service, "--jobs", "\(nodes)", "--dry-run", "--url", "https://tools.example.com/a%20b/dt-ci.xz",
            "--sha256", digest.uppercased())
        #expect(output.standardOutput.contains(digest))
        let url = service == "teamcity" ? "a%%20b/dt-ci.xz" : "https://tools.example.com/a%20b/dt-ci.xz"
        #expect(output.standardOutput.contains(url))
        #expect(!output.standardOutput.contains("vars.DTCI"))
    }
}
