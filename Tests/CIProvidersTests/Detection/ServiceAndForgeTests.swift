import CICore
import Synchronization
import Testing

import struct FoundationEssentials.Date

@testable import CIProviders

/// CI service and forge are two axes: code of any forge, built by any service.
@Suite struct ServiceAndForgeTests {
    /// Code on a forge, and where its API is.
    struct Place: Sendable {
        let forge: String
        let clone: String
        let host: String
        let slug: String
        let api: String
        /// Of a pull request, without its number.
        let change: String
    }

    /// A forge's own host and one of a company for each that may have one.
    private static let places: [Place] = [
        Place(
            forge: "github", clone: "https://github.com/o/r.git", host: "github.com", slug: "o/r",
            api: "https://api.github.com/", change: "https://github.com/o/r/pull/"),
        Place(
            forge: "github", clone: "git@github.corp:o/r.git", host: "github.corp", slug: "o/r",
            api: "https://github.corp/api/v3/", change: "https://github.corp/o/r/pull/"),
        Place(
            forge: "gitlab", clone: "git@gitlab.com:g/sub/r.git", host: "gitlab.com", slug: "g/sub/r",
            api: "https://gitlab.com/api/v4/", change: "https://gitlab.com/g/sub/r/-/merge_requests/"),
        Place(
            forge: "gitlab", clone: "https://u:secret@gitlab.corp/g/r.git", host: "gitlab.corp", slug: "g/r",
            api: "https://gitlab.corp/api/v4/", change: "https://gitlab.corp/g/r/-/merge_requests/"),
        Place(
            forge: "bitbucket", clone: "https://bitbucket.org/team/r.git", host: "bitbucket.org", slug: "team/r",
            api: "https://api.bitbucket.org/2.0/", change: "https://bitbucket.org/team/r/pull-requests/"),
        Place(
            forge: "azure-repos", clone: "https://org@dev.azure.com/org/p/_git/r", host: "dev.azure.com",
            slug: "org/p/r", api: "https://dev.azure.com/org/",
            change: "https://dev.azure.com/org/p/_git/r/pullrequest/"),
        Place(
            forge: "azure-repos", clone: "https://org.visualstudio.com/p/_git/r", host: "org.visualstudio.com",
            slug: "p/r", api: "https://org.visualstudio.com/",
            change: "https://org.visualstudio.com/p/_git/r/pullrequest/"),
        Place(
            forge: "gitea", clone: "https://gitea.corp/o/r.git", host: "gitea.corp", slug: "o/r",
            api: "https://gitea.corp/api/v1/", change: "https://gitea.corp/o/r/pulls/"),
        Place(
            forge: "forgejo", clone: "https://codeberg.org/o/r", host: "codeberg.org", slug: "o/r",
            api: "https://codeberg.org/api/v1/", change: "https://codeberg.org/o/r/pulls/"),
    ]

    /// One cell of the product.
    struct Cell: Sendable, CustomTestStringConvertible {
        let service: String
        let place: Place
        let environment: [String: String]
        var files: [String: String] = [:]

        var testDescription: String { "\(service), \(place.forge) on \(place.host)" }
    }

    private static let cells: [Cell] = places.flatMap { place -> [Cell] in
        var cells = [
            Cell(
                service: "jenkins", place: place,
                environment: [
                    "JENKINS_URL": "https://j/", "BUILD_TAG": "b", "GIT_COMMIT": Commit.head, "GIT_URL": place.clone,
                    "BRANCH_NAME": "main",
                ]),
            Cell(
                service: "circleci", place: place,
                environment: [
                    "CIRCLECI": "true", "CIRCLE_SHA1": Commit.head, "CIRCLE_REPOSITORY_URL": place.clone,
                    "CIRCLE_BRANCH": "main",
                ]),
            Cell(
                service: "teamcity", place: place,
                environment: [
                    "TEAMCITY_VERSION": "2025", "TEAMCITY_BUILD_PROPERTIES_FILE": "/b", "BUILD_VCS_NUMBER": Commit.head,
                ],
                files: [
                    "/b": "vcsroot.R.url=\(place.clone.replacing(":", with: "\\:"))\nteamcity.build.branch=main\n"
                ]),
            Cell(
                service: "buildkite", place: place,
                environment: [
                    "BUILDKITE": "true", "BUILDKITE_COMMIT": Commit.head, "BUILDKITE_REPO": place.clone,
                    "BUILDKITE_BRANCH": "main",
                ]),
            Cell(
                service: "generic", place: place,
                environment: [
                    "CI": "true", "GIT_COMMIT": Commit.head, "GIT_URL": place.clone, "GIT_BRANCH": "main",
                ]),
        ]
        cells += azure(place) + travis(place) + own(place) + overruled(place)
        return cells
    }

    /// Azure Pipelines builds code of some forges by name and of any by URL.
    private static func azure(_ place: Place) -> [Cell] {
        let providers = ["github": "GitHub", "bitbucket": "Bitbucket", "azure-repos": "TfsGit"]
        let isAzure = place.forge == "azure-repos"
        guard !isAzure || place.host == "dev.azure.com" else { return [] }
        return [
            Cell(
                service: "azure-pipelines", place: isAzure ? place.with(slug: "p/r") : place,
                environment: [
                    "TF_BUILD": "True", "BUILD_REPOSITORY_PROVIDER": providers[place.forge] ?? "Git",
                    "BUILD_REPOSITORY_NAME": isAzure ? "r" : place.slug, "BUILD_REPOSITORY_URI": place.clone,
                    "SYSTEM_TEAMPROJECT": "p", "SYSTEM_COLLECTIONURI": "https://dev.azure.com/org/",
                    "BUILD_SOURCEVERSION": Commit.head, "BUILD_SOURCEBRANCH": "refs/heads/main",
                ])
        ]
    }

    private static func travis(_ place: Place) -> [Cell] {
        guard ["github.com", "gitlab.com", "bitbucket.org"].contains(place.host) else { return [] }
        return [
            Cell(
                service: "travis-ci", place: place,
                environment: [
                    "TRAVIS": "true", "TRAVIS_COMMIT": Commit.head, "TRAVIS_BRANCH": "main",
                    "TRAVIS_REPO_SLUG": place.slug,
                    "TRAVIS_BUILD_WEB_URL": "https://app.travis-ci.com/\(place.forge)/\(place.slug)/builds/1",
                ])
        ]
    }

    /// The service that a forge brings along.
    private static func own(_ place: Place) -> [Cell] {
        let base = [
            "GITHUB_ACTIONS": "true", "GITHUB_SHA": Commit.head, "GITHUB_REF": "refs/heads/main",
            "GITHUB_REPOSITORY": place.slug,
        ]
        let mark = ["github": "GITHUB_ACTIONS", "gitea": "GITEA_ACTIONS", "forgejo": "FORGEJO_ACTIONS"][place.forge]
        if let mark {
            let own = [mark: "true", "GITHUB_SERVER_URL": "https://\(place.host)"]
            return [Cell(service: "\(place.forge)-actions", place: place, environment: base.merging(own) { $1 })]
        }
        if place.forge == "gitlab" {
            return [
                Cell(
                    service: "gitlab-ci", place: place,
                    environment: [
                        "GITLAB_CI": "true", "CI_COMMIT_SHA": Commit.head, "CI_COMMIT_BRANCH": "main",
                        "CI_PROJECT_PATH": place.slug, "CI_REPOSITORY_URL": place.clone,
                    ])
            ]
        }
        guard place.forge == "bitbucket" else { return [] }
        return [
            Cell(
                service: "bitbucket-pipelines", place: place,
                environment: [
                    "BITBUCKET_BUILD_NUMBER": "1", "BITBUCKET_COMMIT": Commit.head, "BITBUCKET_BRANCH": "main",
                    "BITBUCKET_REPO_FULL_NAME": place.slug,
                ])
        ]
    }

    /// Services that know their own forge only build others' code if a user says so.
    private static func overruled(_ place: Place) -> [Cell] {
        let said = ["DTCI_FORGE": place.forge, "DTCI_BUILD_REPOSITORY": place.clone]
        let services = [
            "github-actions": ["GITHUB_ACTIONS": "true", "GITHUB_SHA": Commit.head, "GITHUB_REF": "refs/heads/main"],
            "gitlab-ci": ["GITLAB_CI": "true", "CI_COMMIT_SHA": Commit.head, "CI_COMMIT_BRANCH": "main"],
            "bitbucket-pipelines": [
                "BITBUCKET_BUILD_NUMBER": "1", "BITBUCKET_COMMIT": Commit.head, "BITBUCKET_BRANCH": "main",
            ],
            "travis-ci": ["TRAVIS": "true", "TRAVIS_COMMIT": Commit.head, "TRAVIS_BRANCH": "main"],
        ]
        return services.map { Cell(service: $0.key, place: place, environment: $0.value.merging(said) { $1 }) }
    }

    @Test(arguments: cells)
    func `any service finds the forge, and publishing goes to the forge's own API`(cell: Cell) async throws {
        let fixture = DetectionFixture(name: "", environment: cell.environment, files: cell.files, expected: [:])
        let context = await fixture.detect().context
        #expect(context.service == cell.service)
        #expect(
            context.repository == .init(slug: cell.place.slug, forge: cell.place.forge, host: cell.place.host))
        let tokens = ["DTCI_FORGE_TOKEN": "t"]
        let urls = Mutex<[String]>([])
        let access = APIAccess(
            context: context, environment: cell.environment.merging(tokens) { $1 }, files: PlannedFiles(texts: [:]),
            exchange: .noting { url in urls.withLock { $0.append(url) } })
        let forge = try #require(Forges.named(context.repository.forge))
        // Nobody answers; the address is what matters.
        _ = try? await forge.connect(access).status.required()
            .post(CommitStatus(state: .passed, name: "dt-ci", summary: "fine"))
        let url = try #require(urls.withLock { $0.first })
        #expect(url.hasPrefix(cell.place.api), "\(url)")
        #expect(!url.contains("secret"))
    }

    @Test(arguments: places) func `the page of a pull request tells the same`(place: Place) async {
        let fixture = DetectionFixture(
            name: "",
            environment: [
                "JENKINS_URL": "https://j/", "BUILD_TAG": "b", "GIT_COMMIT": Commit.head, "CHANGE_ID": "12",
                "CHANGE_BRANCH": "fix", "CHANGE_URL": place.change + "12",
            ], git: ["cat-file": ""], expected: [:])
        let context = await fixture.detect().context
        #expect(context.repository == .init(slug: place.slug, forge: place.forge, host: place.host))
    }

    @Test func `all eight services meet all six forges`() {
        let met = Set(Self.cells.map { "\($0.service) \($0.place.forge)" })
        for forge in Forges.all {
            for service in [
                "github-actions", "gitlab-ci", "jenkins", "azure-pipelines", "circleci", "bitbucket-pipelines",
                "teamcity", "travis-ci",
            ] {
                #expect(met.contains("\(service) \(forge.id)"), "\(service) \(forge.id)")
            }
        }
    }
}

extension ServiceAndForgeTests.Place {
    fileprivate func with(slug: String) -> Self {
        Self(forge: forge, clone: clone, host: host, slug: slug, api: api, change: change)
    }
}

extension Exchange {
    /// Notes every URL and has no answer to any.
    fileprivate static func noting(_ note: @escaping @Sendable (String) -> Void) -> Exchange {
        struct Noting: HTTPPort {
            let note: @Sendable (String) -> Void

            func send(_ request: HTTPRequest) async throws(HTTPError) -> HTTPResponse {
                note(request.url)
                return HTTPResponse(status: 404, headers: [], body: Array("{}".utf8))
            }
        }
        return Exchange(
            ports: Ports(
                http: Noting(note: note), clock: PatientClock(), now: { Date(timeIntervalSince1970: 1_750_000_000) },
                random: { $0.lowerBound }),
            manners: Manners())
    }
}
