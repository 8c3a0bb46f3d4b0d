import CICore
import Simulator
import SystemPackage
import Testing

@testable import CIProviders

/// Detection reads what the simulator sets: two sides written from the same documents.
struct SimulatedJobTests {
    /// One kind of build.
    struct Kind: Sendable, CustomTestStringConvertible {
        let service: SimulatedService
        let forge: String
        let event: Scenario.Event
        let node: Scenario.Node

        var testDescription: String { "\(service.id), \(event.rawValue), \(forge), node \(node.index)/\(node.total)" }

        static let all = SimulatedService.all.flatMap { service in
            service.events.flatMap { event in
                service.forges.flatMap { forge in
                    [Scenario.Node(), Scenario.Node(index: 2, total: 4)].map {
                        Kind(service: service, forge: forge, event: event, node: $0)
                    }
                }
            }
        }
    }

    /// The files of a job, and nothing else.
    private struct JobFiles: FileSystem {
        let files: [FilePath: [UInt8]]

        func contents(of path: FilePath, limit: Int) throws(FileError) -> [UInt8] {
            guard let bytes = files[path] else {
                throw FileError(path: path, operation: "read", errno: .noSuchFileOrDirectory)
            }
            return bytes
        }

        func write(_ bytes: [UInt8], to path: FilePath) throws(FileError) {}
        func entries(of directory: FilePath) throws(FileError) -> [DirectoryEntry] { [] }
        func kind(of path: FilePath) -> FileKind? { files[path] == nil ? nil : .file }
        func size(of path: FilePath) -> Int? { files[path]?.count }
        func createDirectory(_ path: FilePath) throws(FileError) {}
        func remove(_ path: FilePath) throws(FileError) {}
    }

    /// A git that must not be needed.
    private struct NoProcesses: ProcessPort {
        func capture(
            _ command: ProcessCommand, limit: Int, timeout: Duration
        ) async throws(ProcessError) -> CapturedProcess {
            // In Jenkins' pull requests only git tells whether the commit is a merge that the agent made.
            if !command.arguments.starts(with: ["git", "cat-file", "commit"]) { Issue.record("\(command.arguments)") }
            throw ProcessError(code: .notFound, description: "none")
        }

        func locate(_ name: String, path: String) -> FilePath? { nil }
    }

    private func job(_ kind: Kind) -> SimulatedJob {
        var scenario = Scenario(service: kind.service.id, forge: kind.forge, event: kind.event)
        scenario.build.node = kind.node
        let place = JobPlace(directory: "/job", workspace: "/work", base: { "http://127.0.0.1:4711/\($0)" })
        return kind.service.job(scenario, in: place)
    }

    @Test(arguments: Kind.all) func `a simulated job tells exactly its facts`(kind: Kind) async {
        let job = job(kind)
        let caller = [
            "PATH": "/bin", "GITHUB_ACTIONS": "true", "GITLAB_CI": "true", "TF_BUILD": "True", "CIRCLECI": "true",
            "TRAVIS": "true", "TEAMCITY_VERSION": "1", "JENKINS_URL": "x", "BUILD_NUMBER": "3", "CI_COMMIT_SHA": "0",
            "GIT_COMMIT": "1234567", "CHANGE_ID": "99", "GITHUB_EVENT_PATH": "/real",
        ]
        let detection = await Detector(
            environment: SimulatedService.environment(of: job, over: caller),
            files: JobFiles(files: Dictionary(job.files.map { ($0.path, $0.bytes) }) { $1 }),
            processes: NoProcesses(), workingDirectory: "/work"
        ).detect()
        #expect(detection.context == job.context)
        #expect(detection.candidates == [job.context.service])
        #expect(detection.warnings.isEmpty)
    }

    @Test(arguments: Kind.all) func `no token of a fork may write, and every address is the simulation's`(kind: Kind) {
        let job = job(kind)
        for (name, value) in job.environment where name.contains("API") || name.hasPrefix("DTCI_") {
            guard value.hasPrefix("http") else { continue }
            #expect(value.hasPrefix("http://127.0.0.1:4711"), "\(name)")
        }
        if kind.event == .fork {
            #expect(job.environment["GITLAB_TOKEN"] == nil && job.environment["BITBUCKET_TOKEN"] == nil)
        }
    }

    @Test func `every service has a simulation, and every simulation a service`() {
        // Services without a simulation are told from variables alone.
        let services = Set(CIServices.all.map(\.id)).subtracting(["generic", "buildkite", "semaphore"])
        let simulated = SimulatedService.all.flatMap { service in
            service.forges.map { forge in
                job(Kind(service: service, forge: forge, event: .push, node: Scenario.Node())).context.service
            }
        }
        #expect(Set(simulated) == services)
        for service in SimulatedService.all {
            #expect(service.events.contains(.pullRequest) && service.events.contains(.fork))
            #expect(service.forges.allSatisfy { SimulatedForge.named($0) != nil })
        }
    }
}
