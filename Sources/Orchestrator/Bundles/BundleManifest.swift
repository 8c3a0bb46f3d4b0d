package import CICore

package import struct FoundationEssentials.Date

/// The `bundle.json` of a node's bundle: which part of which run its files are.
package struct BundleManifest: Sendable, Hashable {
    /// The id of the plan of all nodes.
    package var plan: String
    package var position: NodePosition
    package var origin: Origin
    package var time: Time
    package var ending: Ending
    package var work: Work
    /// What lies beside it.
    package var files: [File]

    package init(
        plan: String, position: NodePosition, origin: Origin, time: Time, ending: Ending = Ending(),
        work: Work, files: [File] = []
    ) {
        self.plan = plan
        self.position = position
        self.origin = origin
        self.time = time
        self.ending = ending
        self.work = work
        self.files = files
    }

    /// Which run of which code it comes from.
    package struct Origin: Sendable, Hashable {
        /// The CI service's id; `local` outside of every CI service.
        package var service: String
        /// The service's id of the run; `nil` where there is none that all jobs of a run share.
        package var run: String?
        /// 1-based.
        package var attempt: Int?
        package var job: String?
        package var commit: String?

        package init(
            service: String, run: String? = nil, attempt: Int? = nil, job: String? = nil, commit: String? = nil
        ) {
            self.service = service
            self.run = run
            self.attempt = attempt
            self.job = job
            self.commit = commit
        }
    }

    /// When the node ran.
    package struct Time: Sendable, Hashable {
        package var started: Date
        /// When the bundle was written.
        package var created: Date
        package var duration: Duration

        package init(started: Date, created: Date, duration: Duration) {
            self.started = started
            self.created = created
            self.duration = duration
        }
    }

    /// What of the node's end the results do not say.
    package struct Ending: Sendable, Hashable {
        package var stop: RunState.Stop?
        /// Whether tests could not be built or collected.
        package var isBroken: Bool
        /// A sentence about quarantine entries that no longer hold.
        package var expired: String?
        /// What the node's settings make of flaky tests and of no test at all.
        package var failsOnFlaky: Bool
        package var empty: RunSettings.EmptyPolicy

        package init(
            stop: RunState.Stop? = nil, isBroken: Bool = false, expired: String? = nil, failsOnFlaky: Bool = false,
            empty: RunSettings.EmptyPolicy = .error
        ) {
            self.stop = stop
            self.isBroken = isBroken
            self.expired = expired
            self.failsOnFlaky = failsOnFlaky
            self.empty = empty
        }
    }

    /// What the history learns, and what the plan lacks.
    package struct Work: Sendable, Hashable {
        package var hardware: HardwareClass
        /// What the node has; `nil` where nobody looked.
        package var machine: HardwareProfile?
        /// Whether everything was to run, and not a part chosen by options.
        package var isWhole: Bool
        /// Batches that ended normally, on their first attempt.
        package var costs: [Cost]
        /// Units that were found and are not in the plan, with their nodes.
        package var beyond: [UnitID: Int]
        /// What the node went on from; `nil` for a node of the run's beginning.
        package var resumes: Lineage?

        package init(
            hardware: HardwareClass, machine: HardwareProfile? = nil, isWhole: Bool = true, costs: [Cost] = [],
            beyond: [UnitID: Int] = [:], resumes: Lineage? = nil
        ) {
            self.resumes = resumes
            self.hardware = hardware
            self.machine = machine
            self.isWhole = isWhole
            self.costs = costs
            self.beyond = beyond
        }
    }

    /// The part of a run that a node went on from.
    package struct Lineage: Sendable, Hashable {
        /// The id of the plan that the run began with.
        package var plan: String
        /// How many nodes that had.
        package var nodes: Int
        /// 1 for nodes that went on from those, 2 for nodes that went on from these, and so on.
        package var generation: Int
        /// How many nodes there were before this generation: its own are counted on from them.
        package var first: Int

        package init(plan: String, nodes: Int, generation: Int, first: Int) {
            self.plan = plan
            self.nodes = nodes
            self.generation = generation
            self.first = first
        }
    }

    /// The id of the plan that the run began with.
    package var rootPlan: String { work.resumes?.plan ?? plan }
    /// How many nodes that had.
    package var rootNodes: Int { work.resumes?.nodes ?? position.total }
    /// Among all nodes of the run, those that went on included.
    package var place: Int { (work.resumes?.first ?? 0) + position.index }

    /// What one batch cost.
    package struct Cost: Sendable, Hashable {
        package var suite: SuiteName
        package var units: Int
        package var wall: Duration
        /// Sum over its tests.
        package var tests: Duration

        package init(suite: SuiteName, units: Int, wall: Duration, tests: Duration) {
            self.suite = suite
            self.units = units
            self.wall = wall
            self.tests = tests
        }
    }

    /// One file of the bundle.
    package struct File: Sendable, Hashable {
        package var name: String
        package var size: Int
        /// 64 hexadecimal digits.
        package var sha256: String

        package init(name: String, size: Int, sha256: String) {
            self.name = name
            self.size = size
            self.sha256 = sha256
        }
    }
}

/// The names within a bundle.
package enum BundleFile {
    package static let manifest = "bundle.json"
    package static let results = "results.json"
    package static let junit = "junit.xml"
    package static let plan = "plan.json"
    package static let events = "events.jsonl"
    /// What ran, for `dt-ci replay`; bundles of earlier versions do not have it.
    package static let replay = "replay.json"
    /// All but the manifest, which is written last.
    package static let all = [results, junit, plan, events, replay]
}
