import CIProviders
import Foundation
import Testing
import Yams

@testable import dt_ci

/// What one job of a template runs, as shell scripts: taken out of the template, which is read as its service reads it.
struct TemplateJob: Sendable, CustomTestStringConvertible {
    let service: String
    let nodes: Int
    let name: String
    /// One after the other, each by a shell of its own.
    let steps: [Step]

    var testDescription: String { "\(service), \(nodes) nodes: \(name)" }

    /// One script.
    struct Step: Sendable {
        let text: String
        /// What the service starts it with.
        let shell: String
        /// Shell words that stand before it, such as `A=b`.
        let setting: String
    }

    /// The jobs of all templates in both shapes; a node's is the second of four.
    static let all: [TemplateJob] = {
        do {
            return try [1, 4].flatMap { nodes in
                try readers.flatMap { service, read in
                    let files =
                        CIServices.named(service)?.template?
                        .files(for: PipelineShape(nodes: nodes, layout: .standard)) ?? []
                    return try read(files.map(\.text)).map {
                        TemplateJob(service: service, nodes: nodes, name: $0.name, steps: $0.steps)
                    }
                }
            }
        } catch {
            Issue.record(error)
            return []
        }
    }()

    private typealias Read = (name: String, steps: [Step])

    private static let readers: [(String, @Sendable ([String]) throws -> [Read])] = [
        ("github-actions", gitHub), ("gitlab-ci", gitLab), ("jenkins", jenkins), ("azure-pipelines", azure),
        ("circleci", circleCI), ("bitbucket-pipelines", bitbucket), ("teamcity", teamCity), ("travis-ci", travis),
    ]

    @Sendable private static func gitHub(_ texts: [String]) throws -> [Read] {
        let action = try YAMLTree(texts[0])["runs"]["steps"].items.filter { $0["run"].text != nil }
        return try YAMLTree(texts[1])["jobs"].members.map { name, job in
            let use = job["steps"].items.first { $0["uses"].text == "./.github/actions/dt-ci" }
            let arguments = (use?["with"]["arguments"].text ?? "run")
                .replacing("${{ strategy.job-index }}", with: "1").replacing("${{ strategy.job-total }}", with: "4")
            return (
                name,
                action.map {
                    Step(
                        text: $0["run"].text ?? "", shell: "bash --noprofile --norc -eo pipefail",
                        setting: "PATH=\"$(cat \"$GITHUB_PATH\"):$PATH\" ARGUMENTS='\(arguments)'")
                }
            )
        }
    }

    @Sendable private static func gitLab(_ texts: [String]) throws -> [Read] {
        let file = try YAMLTree(texts[0])
        return file.members.filter { !$0.0.hasPrefix(".") && $0.1["script"].items.count > 0 }.map { name, job in
            let bases = job["extends"].texts.map { file[$0] }
            let lines = (bases + [job]).flatMap { $0["before_script"].texts } + job["script"].texts
            return (
                name,
                [Step(text: lines.joined(separator: "\n"), shell: "bash -eo pipefail", setting: "CI_PROJECT_DIR=$PWD")]
            )
        }
    }

    @Sendable private static func azure(_ texts: [String]) throws -> [Read] {
        let script = try YAMLTree(texts[1])["steps"].items.compactMap { $0["bash"].text }.joined()
        return try YAMLTree(texts[0])["jobs"].items.map { job in
            let steps = job["steps"].items.compactMap { step -> Step? in
                let own = step["bash"].text
                let text = step["parameters"]["arguments"].text.map {
                    script.replacing("${{ parameters.arguments }}", with: $0)
                }
                return (own ?? text).map {
                    Step(
                        text: $0, shell: "bash --noprofile --norc",
                        setting: "PIPELINE_WORKSPACE=$PWD/pipeline DTCI_FORGE_TOKEN='$(DTCI_FORGE_TOKEN)'")
                }
            }
            return (job["job"].text ?? "", steps)
        }
    }

    @Sendable private static func circleCI(_ texts: [String]) throws -> [Read] {
        let file = try YAMLTree(texts[0])
        return file["jobs"].members.map { name, job in
            let steps = job["steps"].items.flatMap { step in
                step.text.map { file["commands"][$0]["steps"].items } ?? [step]
            }
            return (
                name,
                steps.compactMap { $0["run"]["command"].text }.map {
                    Step(text: $0, shell: "bash -eo pipefail", setting: "BASH_ENV=$PWD/bash-env")
                }
            )
        }
    }

    @Sendable private static func bitbucket(_ texts: [String]) throws -> [Read] {
        let entries = try YAMLTree(texts[0])["pipelines"]["pull-requests"]["**"].items
        return entries.map { $0["step"].isThere ? $0["step"] : $0["parallel"]["steps"].items[0]["step"] }.map { step in
            (
                step["name"].text ?? "",
                [Step(text: step["script"].texts.joined(separator: "\n"), shell: "bash -e", setting: "")]
            )
        }
    }

    @Sendable private static func travis(_ texts: [String]) throws -> [Read] {
        let file = try YAMLTree(texts[0])
        let jobs = file["script"].isThere ? [file] : file["jobs"]["include"].items
        let before = file["before_install"].texts.map { "\($0.trimmed)\n[ $? = 0 ] || exit" }
        return jobs.map { job in
            (
                job["name"].text ?? job["stage"].text ?? "tests",
                [
                    Step(
                        text: (before + job["script"].texts).joined(separator: "\n"), shell: "bash",
                        setting: job["env"].text ?? "")
                ]
            )
        }
    }

    @Sendable private static func jenkins(_ texts: [String]) throws -> [Read] {
        let script = try #require(texts[0].between("sh '''", "''' + arguments"))
        return calls(in: texts[0], with: "${index}").map { arguments in
            (arguments, [Step(text: script + arguments, shell: "sh -xe", setting: "")])
        }
    }

    @Sendable private static func teamCity(_ texts: [String]) throws -> [Read] {
        let script = try #require(texts[0].between("scriptContent = \"\"\"\n", "\"\"\"")).replacing("%%", with: "%")
        return calls(in: texts[0], with: "$index").map { arguments in
            let text = script.replacing("$arguments", with: arguments).replacing("${'$'}", with: "$")
            return (arguments, [Step(text: text, shell: "sh", setting: "")])
        }
    }

    /// The arguments of all calls of `dtci`.
    private static func calls(in text: String, with index: String) -> [String] {
        text.split(separator: "\n").compactMap { line in
            (String(line).between("dtci(\"", "\")") ?? String(line).between("dtci('", "')"))
                .map { $0.replacing(index, with: "1") }
        }
    }
}

extension TemplateJob {
    /// Writes the job's steps, and a script that runs them as the service would: to the first that fails.
    func write(to directory: TemporaryDirectory) throws {
        var driver = "cd '\(directory.url.path)/project' || exit\n"
        for (index, step) in steps.enumerated() {
            try directory.write(step.text, to: "steps/\(index).sh")
            let isLast = index == steps.count - 1
            driver += "\(step.setting.isEmpty ? "" : "export \(step.setting)")\n"
            driver +=
                "\(isLast ? "exec " : "")\(step.shell) '\(directory.url.path)/steps/\(index).sh'\(isLast ? "" : " || exit")\n"
        }
        try directory.write(driver, to: "driver.sh")
        // What Azure downloads before a node's steps.
        try directory.write("{}", to: "project/pipeline/dt-ci-plan-1/plan.json")
    }
}

extension String {
    /// What stands between the first of one text and the next of another.
    func between(_ start: String, _ end: String) -> String? {
        guard let from = range(of: start), let to = range(of: end, range: from.upperBound..<endIndex) else {
            return nil
        }
        return String(self[from.upperBound..<to.lowerBound])
    }

    var trimmed: String { trimmingCharacters(in: .newlines) }
}

/// A node of a YAML file, for reading along a path; what is not there is empty.
struct YAMLTree {
    private let node: Node?

    init(_ text: String) throws { node = try Yams.compose(yaml: text) }

    private init(node: Node?) { self.node = node }

    var isThere: Bool { node != nil }

    /// As the file has it, numbers and booleans too.
    var text: String? { node?.scalar?.string }

    var items: [YAMLTree] { node?.sequence.map { $0.map { YAMLTree(node: $0) } } ?? [] }

    /// A list of texts, or the one that stands in its place.
    var texts: [String] { text.map { [$0] } ?? items.compactMap(\.text) }

    var members: [(String, YAMLTree)] {
        node?.mapping.map { $0.map { ($0.key.string ?? "", YAMLTree(node: $0.value)) } } ?? []
    }

    subscript(key: String) -> YAMLTree { YAMLTree(node: members.first { $0.0 == key }?.1.node) }

    /// Every node with the key, however deep.
    func all(_ key: String) -> [YAMLTree] {
        items.flatMap { $0.all(key) } + members.flatMap { name, value in (name == key ? [value] : []) + value.all(key) }
    }
}
