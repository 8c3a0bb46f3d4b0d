import CIProviders
import Foundation
import Testing

@testable import dt_ci

/// The shell lines of the templates, run as their services run them.
struct TemplateShellTests {
    private let directory: TemporaryDirectory
    private static let oneJob = TemplateJob.all.filter { $0.nodes == 1 }

    init() throws {
        directory = try TemporaryDirectory()
        let example = TemplateSample.directory.deletingLastPathComponent().appending(path: "Examples/parcel")
        for part in ["parcel", "tests", "pyproject.toml"] {
            try FileManager.default.copyItem(
                at: example.appending(path: part),
                to: directory.url.appending(path: "project/\(part)".made(in: directory)))
        }
    }

    /// A dt-ci for downloading: a small script that hands over to the built one, compressed.
    private func package() async throws -> [String: String] {
        try directory.write("#!/bin/sh\nexec '\(try DTCIBinary.executable().path)' \"$@\"\n", to: "download/dt-ci")
        let packed = try await TemplateTools.run(
            ["sh", "-c", "cd download && xz -k dt-ci && sha256sum dt-ci.xz"], in: directory.url)
        #expect(packed.exitCode == 0, "\(packed.text)")
        return [
            "DTCI_URL": "file://\(directory.url.path)/download/dt-ci.xz",
            "DTCI_SHA256": String(packed.text.prefix { $0 != " " }),
        ]
    }

    private func simulate(_ job: TemplateJob, _ environment: [String: String]) async throws -> DTCIBinary.Output {
        try job.write(to: directory)
        var binary = DTCIBinary(in: directory.url, environment: environment)
        // One that is installed would be taken.
        let places = (binary.environment["PATH"] ?? "").split(separator: ":").filter {
            !FileManager.default.isExecutableFile(atPath: "\($0)/dt-ci")
        }
        binary.environment["PATH"] = places.joined(separator: ":")
        return try await binary.run([
            "simulate", job.service, "--event", "pull_request", "--mode", "quick", "--", "bash",
            "\(directory.url.path)/driver.sh",
        ])
    }

    @Test(arguments: oneJob) func `one job fetches dt-ci, runs the tests and leaves what the template keeps`(
        job: TemplateJob
    ) async throws {
        let output = try await simulate(job, try await package())
        #expect(output.exitCode == 0, "\(output.standardOutput.suffix(2000))\(output.standardError.suffix(2000))")
        #expect(output.standardOutput.contains("discovered ") && output.standardOutput.contains(" + lost 0"))
        for path in [ResultsLayout.standard.junit, ResultsLayout.standard.results] {
            #expect(directory.exists("project/\(path)"))
        }
    }

    @Test(arguments: oneJob) func `a file with another checksum is not run`(job: TemplateJob) async throws {
        var environment = try await package()
        environment["DTCI_SHA256"] = String(repeating: "0", count: 64)
        let output = try await simulate(job, environment)
        #expect(output.exitCode != 0)
        let text = output.standardOutput + output.standardError
        #expect(text.contains("is not what DTCI_SHA256 says; nothing was run"), "\(text.suffix(2000))")
        #expect(!text.contains("discovered") && !directory.exists("project/\(ResultsLayout.standard.junit)"))
        #expect(!directory.exists("project/.dt-ci/bin/dt-ci"))
    }

    @Test(arguments: oneJob) func `without an address it says which variable to set`(job: TemplateJob) async throws {
        let output = try await simulate(job, [:])
        #expect(output.exitCode != 0)
        #expect((output.standardOutput + output.standardError).contains("DTCI_URL: is not set"))
    }

    /// A dt-ci that is installed: it writes down what it was asked and ends with a code.
    private func standIn(exit code: Int) throws -> [String: String] {
        let file = directory.url.appending(path: "tools/dt-ci")
        try directory.write(
            """
            #!/bin/sh
            echo "$*" >>'\(directory.url.path)/asked'
            echo "${DTCI_FORGE_TOKEN:-}" >>'\(directory.url.path)/tokens'
            mkdir -p .dt-ci/bundles
            exit \(code)

            """, to: "tools/dt-ci")
        try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: file.path)
        let path = ProcessInfo.processInfo.environment["PATH"] ?? ""
        return ["PATH": "\(file.deletingLastPathComponent().path):\(path)", "GITHUB_PATH": "/dev/null"]
    }

    /// What each job asks of dt-ci, all services alike but for how a node is told which it is.
    private static func expected(_ job: TemplateJob, _ asked: String) -> Bool {
        let plan = ResultsLayout.standard.plan
        guard job.nodes > 1 else { return asked == "run" }
        let nodes = ["run --node 1/4 --plan \(plan)", "run --node auto --plan \(plan)", "run --plan \(plan)"]
        return (["plan --nodes 4 --save \(plan)", "merge --expect 4"] + nodes).contains(asked)
    }

    @Test(arguments: TemplateJob.all) func `an installed dt-ci is used, and its exit code is the job's`(
        job: TemplateJob
    ) async throws {
        try job.write(to: directory)
        for code in [0, 4] {
            let shell = DTCIBinary(in: directory.url, environment: try standIn(exit: code))
            let output = try await shell.run(URL(filePath: "/bin/bash"), ["driver.sh"])
            let asked = try directory.text("asked").split(separator: "\n").last.map(String.init) ?? ""
            #expect(Self.expected(job, asked), "\(asked)")
            // On these two a job that fails would keep the verdict's from starting.
            let isNode = asked.contains("--plan")
            let isLenient = isNode && ["bitbucket-pipelines", "travis-ci"].contains(job.service)
            #expect(output.exitCode == (isLenient ? 0 : Int32(code)), "\(output.standardError)")
            // What Azure makes of a variable that is not set is no token.
            #expect(try directory.text("tokens").trimmed.isEmpty)
        }
    }

    @Test func `all shapes have all jobs`() {
        for service in TemplateSample.services {
            #expect(TemplateJob.all.count { $0.service == service && $0.nodes == 1 } == 1, "\(service)")
            let parallel = TemplateJob.all.filter { $0.service == service && $0.nodes == 4 }
            #expect(parallel.count == (service == "travis-ci" ? 6 : 3), "\(service)")
        }
    }

    @Test(arguments: TemplateJob.all) func `its scripts have nothing that ShellCheck warns of`(
        job: TemplateJob
    ) async throws {
        try job.write(to: directory)
        for (index, step) in job.steps.enumerated() {
            let dialect = step.shell.hasPrefix("sh") ? "sh" : "bash"
            let answer = try await TemplateTools.run(
                ["shellcheck", "--severity=warning", "--shell", dialect, "steps/\(index).sh"], in: directory.url)
            #expect(answer.exitCode == 0, "\(answer.text)")
        }
    }

    @Test(
        arguments: TemplateJob.all.filter {
            $0.service != "travis-ci" && $0.steps.last?.text.contains("exec dt-ci") == true
        })
    func `a signal to the step is one to dt-ci`(job: TemplateJob) async throws {
        try job.write(to: directory)
        let environment = try standIn(exit: 0)
        try directory.write(
            """
            #!/bin/bash
            trap 'echo ended >signal; exit 9' TERM
            echo >ready
            while :; do sleep 0.05; done

            """, to: "tools/dt-ci")
        var shell = DTCIBinary(in: directory.url, environment: environment)
        shell.environment["GITHUB_PATH"] = "/dev/null"
        // The threads of tests hold signals back, and a child inherits that.
        let unblock =
            "import os, signal, sys; signal.pthread_sigmask(signal.SIG_SETMASK, []); os.execvp(sys.argv[1], sys.argv[1:])"
        let line =
            "bash driver.sh & for i in {1..1500}; do [ -e project/ready ] && break; sleep 0.02; done; kill -TERM $!; wait $!"
        let output = try await shell.run(
            URL(filePath: "/usr/bin/env"), ["python3", "-c", unblock, "bash", "-c", line])
        #expect(output.exitCode == 9)
        #expect(directory.exists("project/signal"))
    }
}

extension String {
    /// The same path, whose directory exists then.
    fileprivate func made(in directory: TemporaryDirectory) throws -> String {
        let parent = directory.url.appending(path: self).deletingLastPathComponent()
        try FileManager.default.createDirectory(at: parent, withIntermediateDirectories: true)
        return self
    }
}
