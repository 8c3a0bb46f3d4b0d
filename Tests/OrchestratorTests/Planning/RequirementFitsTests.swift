import CICore
import SystemPackage
import Testing

@testable import Orchestrator

struct RequirementFitsTests {
    private static let small = NodeShape(
        hardware: "small", slots: 2, offer: HardwareOffer(cpus: 2, memory: 4_000_000_000))
    private static let large = NodeShape(
        hardware: "large", slots: 2,
        offer: HardwareOffer(
            cpus: 8, memory: 32_000_000_000,
            gpus: [OfferedGPU(id: "0", vendor: .nvidia, model: "T4", memory: 16_000_000_000)]))

    @Test func `a requirement fits the nodes that meet it`() throws {
        let fits = RequirementFits(nodes: [Self.small, Self.large, Self.small, Self.large])
        #expect(fits.fit(for: try Requirement("gpu")).nodes == [1, 3])
        #expect(fits.fit(for: try Requirement("cpus>=2")).nodes == [0, 1, 2, 3])
    }

    @Test func `a requirement that nobody meets names the nearest node and what it lacks`() throws {
        let fit = RequirementFits(nodes: [Self.small, Self.large]).fit(for: try Requirement("gpu>=1, vram>=80GB"))
        #expect(fit.nodes.isEmpty)
        #expect(fit.lack == "the nearest node, large, lacks gpu>=1, vram>=80GB (has T4 (16 GB))")
    }

    @Test func `a node of which nothing is known meets everything`() throws {
        let fits = RequirementFits(nodes: [Self.small, NodeShape(hardware: "any", slots: 1)])
        #expect(fits.fit(for: try Requirement("tpu>=8")).nodes == [1])
    }

    @Test func `units need what their suite requires and what CTest's groups ask for`() throws {
        let suite = Suite(
            name: "s", runner: "ctest", workingDirectory: "/", policy: .init(requires: try Requirement("os=linux")))
        var requirements = UnitRequirements(of: suite)
        let unit = { (groups: [String]) in
            TestUnit(suite: "s", selector: "a", granularity: .test, constraints: .init(resourceGroups: groups))
        }
        #expect(requirements.requirement(of: unit([]))?.description == "os=linux")
        #expect(
            requirements.requirement(of: unit(["2,gpus:2", "cpus:1,crypto:1"]))?.description
                == "gpu>=1, os=linux, label=crypto")
        var bare = UnitRequirements(of: Suite(name: "s", runner: "ctest", workingDirectory: "/"))
        #expect(bare.requirement(of: unit([])) == nil)
        #expect(bare.requirement(of: unit(["cpus:4"])) == nil)
    }

    @Test func `rules say what parts of a suite need`() throws {
        let rules = [
            TestRule(selection: .init(tags: ["cuda"]), requires: try Requirement("gpu")),
            TestRule(selection: .init(tests: [TestPattern("big/*")]), requires: try Requirement("memory>=32GB")),
            TestRule(selection: .init(tests: [TestPattern("other")]), isSerial: true),
        ]
        let suite = Suite(
            name: "s", runner: "pytest", workingDirectory: "/",
            policy: .init(requires: try Requirement("os=linux"), conditions: .init(rules: rules)))
        var requirements = UnitRequirements(of: suite)
        let needs = { (selector: String, labels: [String]) in
            requirements.requirement(
                of: TestUnit(suite: "s", selector: selector, granularity: .test, constraints: .init(labels: labels)))?
                .description
        }
        #expect(needs("a", []) == "os=linux" && needs("other", ["slow"]) == "os=linux")
        #expect(needs("a", ["cuda"]) == "gpu>=1, os=linux")
        #expect(needs("big/a", ["slow", "cuda"]) == "memory>=32GB, gpu>=1, os=linux")
        #expect(needs("big/b", []) == "memory>=32GB, os=linux")
    }

    @Test func `a plan that nobody can carry out says what, why and where it nearly could`() throws {
        let units = (0..<5).map {
            UnsatisfiableUnit(unit: UnitID("s::t\($0)"), requirement: "gpu>=1", reason: "no gpu")
        }
        var plan = Plan(nodes: [], makespan: .zero, lowerBound: .zero)
        #expect(UnsatisfiablePlan(of: plan) == nil)
        plan.unsatisfiable = units + [UnsatisfiableUnit(unit: "s::x", requirement: "tpu>=1", reason: "none")]
        let beyond = try #require(UnsatisfiablePlan(of: plan))
        #expect(
            beyond.lines == [
                "cannot run: s::t0, s::t1, s::t2 and 2 more need gpu>=1: no gpu", "cannot run: s::x needs tpu>=1: none",
            ])
        #expect(beyond.headline == "no node has what 6 units need")
    }
}
