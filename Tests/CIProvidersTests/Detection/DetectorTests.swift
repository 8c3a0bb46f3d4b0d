import CICore
import SystemPackage
import Testing

@testable import CIProviders

#if canImport(Glibc)
    import Glibc
#elseif canImport(Darwin)
    import Darwin
#endif

@Suite struct DetectorTests {
    @Test(arguments: DetectionFixture.all)
    func `an environment tells exactly its facts`(fixture: DetectionFixture) async {
        #expect(fixture.mistakes.isEmpty)
        let detection = await fixture.detect()
        let facts = Fact.allCases.map { ($0, detection.context.text(of: $0)) }.filter { !$0.1.isEmpty }
        #expect(Dictionary(uniqueKeysWithValues: facts) == fixture.expected)
        #expect(detection.decidedBy == fixture.sources)
        #expect(detection.candidates == fixture.candidates ?? [detection.context.service])
        #expect(detection.warnings.count == fixture.warnings.count, "\(detection.warnings)")
        for (warning, words) in zip(detection.warnings, fixture.warnings) { #expect(warning.contains(words)) }
        #expect(!"\(detection)".contains("secret"))
    }

    @Test func `the eight services have 25 fixtures, the others 8 at the least`() {
        let counts = Dictionary(grouping: DetectionFixture.all) { $0.expected[.service] ?? "" }.mapValues(\.count)
        let eight = [
            "github-actions", "gitlab-ci", "jenkins", "azure-pipelines", "circleci", "bitbucket-pipelines", "teamcity",
            "travis-ci",
        ]
        for id in eight { #expect(counts[id, default: 0] >= 25, "\(id)") }
        let rest = Set(CIServices.all.map(\.id)).subtracting(eight)
        #expect(rest == ["gitea-actions", "forgejo-actions", "buildkite", "semaphore", "generic"])
        for id in ["buildkite", "semaphore", "generic", "local"] { #expect(counts[id, default: 0] >= 8, "\(id)") }
        #expect(counts["gitea-actions", default: 0] + counts["forgejo-actions", default: 0] >= 8)
        #expect(Set(CIServices.all.map(\.id)).count == CIServices.all.count)
        #expect(Set(DetectionFixture.all.map(\.name)).count == DetectionFixture.all.count)
    }

    @Test func `each fact names what decided it`() async {
        let fixture = DetectionFixture(
            name: "",
            environment: [
                "GITHUB_ACTIONS": "true", "GITHUB_SHA": Commit.head, "GITHUB_REF": "refs/heads/main",
                "GITHUB_REPOSITORY": "o/r",
            ], expected: [:])
        let lines = await fixture.detect().text.split(whereSeparator: \.isNewline)
        let rows = lines.map { $0.split(separator: " ").map(String.init) }
        #expect(rows.first == ["fact", "value", "decided", "by"])
        #expect(rows.contains(["repository.slug", "o/r", "GITHUB_REPOSITORY"]))
        #expect(!lines.contains { $0.hasSuffix(" ") })
    }

    @Test func `the JSON has every key of the format, null where nothing is known`() async {
        let fixture = DetectionFixture(
            name: "", environment: [:], git: ["rev-parse": "", "config": ""], expected: [:])
        let json = await fixture.detect().json
        for key in [
            "\"schema\": \"dt-ci/context/v1\"", "\"service\": \"local\"", "\"simulator\": null", "\"sha\": null",
            "\"pullRequest\": null", "\"attempt\": null", "\"index\": null", "\"candidates\": []", "\"warnings\": []",
        ] {
            #expect(json.contains(key))
        }
    }
}

/// Values and files that nobody wrote in good faith.
@Suite struct HostileDetectionTests {
    private static let values = [
        "\u{1b}[31mred", "a\nb", "a\u{0}b", String(repeating: "x", count: 1 << 20), "\u{202e}drowssap", "\u{85}",
        "\u{2028}",
        "--upload-pack=x", "$(id)", "../../etc/passwd", String(repeating: "9", count: 70), "-1", "{\"a\":",
    ]

    /// Every variable that any fixture sets gets the value.
    @Test(arguments: values) func `a hostile value in every variable breaks nothing and reaches nobody`(
        value: String
    ) async {
        let marks: Set = [
            "CI", "GITHUB_ACTIONS", "GITEA_ACTIONS", "GITLAB_CI", "TF_BUILD", "CIRCLECI", "TRAVIS", "BUILDKITE",
            "SEMAPHORE",
            "TEAMCITY_VERSION",
        ]
        let git = [
            "rev-parse": "\(Commit.head)\nmain\n", "config": "remote.origin.url \(value)\n", "ls-remote": value,
            "cat-file": value,
        ]
        let services = Dictionary(grouping: DetectionFixture.all) { $0.expected[.service] ?? "" }
        for fixtures in services.values {
            let names = Set(fixtures.flatMap(\.environment.keys)).subtracting(["DTCI_SERVICE"])
            for fixture in fixtures.prefix(1) {
                let environment = names.reduce(into: [:]) { environment, name in
                    environment[name] = marks.contains(name) ? fixture.environment[name] : value
                }
                let hostile = DetectionFixture(name: "", environment: environment, git: git, expected: [:])
                let detection = await hostile.detect()
                for text in [detection.text, detection.json] + detection.warnings {
                    #expect(!text.contains("\u{1b}") && !text.contains("\u{202e}") && !text.contains("\u{0}"))
                    #expect(text.utf8.count < 200_000)
                }
                for fact in Fact.allCases { #expect(!detection.context.text(of: fact).contains("\n")) }
                if let commit = detection.context.source.commit { #expect(commit == Commit.head) }
                #expect((detection.context.execution.node.index ?? 0) >= 0)
            }
        }
    }

    @Test func `git is never handed what a variable says unless it is a commit`() async {
        let fixture = DetectionFixture(
            name: "",
            environment: [
                "GITHUB_ACTIONS": "true", "GITHUB_REF": "refs/pull/1/merge", "GITHUB_SHA": "--output=/etc/passwd",
                "GITHUB_REPOSITORY": "o/r",
            ], expected: [:])
        // A git that nobody planned is an issue.
        #expect(await fixture.detect().context.source.commit == nil)
    }

    private static let events = [
        "", "{", "[]", "7", "null", "{\"pull_request\": 7}", "{\"pull_request\": {\"head\": []}}", "\u{0}", "<html>",
        "{\"pull_request\": {\"number\": 12, \"head\": {\"ref\": \"fix\", \"sha\"",
        String(repeating: "[", count: 100_000),
    ]

    @Test(arguments: events) func `a broken event file tells nothing and is warned of`(event: String) async {
        let fixture = DetectionFixture(
            name: "",
            environment: [
                "GITHUB_ACTIONS": "true", "GITHUB_EVENT_PATH": "/e.json", "GITHUB_SHA": Commit.head,
                "GITHUB_REF": "refs/heads/main", "GITHUB_EVENT_NAME": "push", "GITHUB_REPOSITORY": "o/r",
            ], files: ["/e.json": event], expected: [:])
        let detection = await fixture.detect()
        #expect(detection.context.source == .init(commit: Commit.head, branch: "main"))
        #expect(detection.warnings.allSatisfy { $0.hasPrefix("GITHUB_EVENT_PATH names a file that is no event") })
        #expect(detection.warnings.count == 1)
    }

    /// What may stand where a file should be.
    enum Place: String, CaseIterable, Sendable {
        case missing, directory, pipe, device, huge, unnamed

        func make(at path: FilePath) throws {
            switch self {
            case .missing, .device, .unnamed: break
            case .directory: try LocalFileSystem().createDirectory(path)
            case .pipe: try #require(mkfifo(path.string, 0o600) == 0)
            case .huge: try LocalFileSystem().write([UInt8](repeating: 0x20, count: (8 << 20) + 1), to: path)
            }
        }
    }

    @Test(arguments: Place.allCases, ["GITHUB_EVENT_PATH", "TEAMCITY_BUILD_PROPERTIES_FILE"])
    func `what is no readable file is passed over without waiting for it`(place: Place, variable: String) async throws {
        let directory = FilePath("/tmp/dt-ci-detect-\(place.rawValue)-\(variable)-\(getpid())")
        try LocalFileSystem().createDirectory(directory)
        defer { try? LocalFileSystem().remove(directory) }  // a leftover harms nobody
        let path = directory.appending("file")
        try place.make(at: path)
        let name = place == .device ? "/dev/zero" : place == .unnamed ? "a\u{0}b" : path.string
        let service = variable.hasPrefix("GITHUB") ? ["GITHUB_ACTIONS": "true"] : ["TEAMCITY_VERSION": "2025"]
        let detection = await Detector(
            environment: service.merging([
                variable: name, "GITHUB_SHA": Commit.head, "BUILD_VCS_NUMBER": Commit.head, "DTCI_BUILD_BRANCH": "main",
                "DTCI_BUILD_REPOSITORY": "o/r",
            ]) { $1 },
            files: LocalFileSystem(), processes: PlannedGit(answers: [:]), workingDirectory: directory
        ).detect()
        #expect(detection.context.source.commit == Commit.head)
        #expect(detection.warnings.count == 1)
        #expect(detection.warnings.first?.hasPrefix(variable) == true)
    }
}
