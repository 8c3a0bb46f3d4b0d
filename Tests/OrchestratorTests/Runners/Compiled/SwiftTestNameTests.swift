import CICore
import SystemPackage
import Testing

@testable import Orchestrator

@Suite struct SwiftTestNameTests {
    @Test(arguments: [
        ("M.Old/testA", false, "M", "M.Old"), ("M.free()", true, "M", "M"), ("M.New/a(n:)", true, "M", "M.New"),
        ("M.New/Inner/deep()", true, "M", "M.New/Inner"),
        ("M.`Odd / names`/`a / b (c)`()", true, "M", "M.`Odd / names`"),
    ])
    func `a name tells its kind, its module and the suite around it`(
        text: String, isSwiftTesting: Bool, module: String, container: String
    ) {
        let name = SwiftTestName(text: text)
        #expect(name.isSwiftTesting == isSwiftTesting)
        #expect(name.module == module)
        #expect(name.container == container)
    }

    @Test func `a filter is anchored on both sides`() {
        #expect(SwiftTestName(text: "M.New/add()").testFilter == #"^M\.New/add\(\)/"#)
    }

    @Test func `each module with XCTest has a start of its own, Swift Testing has one`() {
        let units = ["A.T/testX", "B.T/testX", "A.S/f()", "B.free()"].map {
            TestUnit(suite: "s", selector: $0, granularity: .test, container: ".build/debug/P.xctest", tests: [$0])
        }
        let starts = SwiftStarts(units: units, place: BatchPlace(root: "/b")).all
        #expect(starts.map(\.report.container) == ["A", "B", nil])
        #expect(starts.map { $0.arguments.first } == ["A.T/testX", "B.T/testX", "--testing-library"])
        #expect(starts.last?.arguments.last == #"^A\.S/f\(\)/|^B\.free\(\)/"#)
    }

    @Test func `packages are told apart by their ids, old and new`() throws {
        func target(_ id: String) throws -> CargoTarget? {
            let json = try #require(
                JSONValue(
                    """
                    {"reason": "compiler-artifact", "executable": "/t/x", "profile": {"test": true},
                     "package_id": "\(id)", "target": {"name": "it", "kind": ["test"]}}
                    """))
            return CargoTarget(artifact: json)
        }
        #expect(try target("path+file:///w/one#0.1.0")?.selector == "one::it")
        #expect(try target("path+file:///w/dir#one@0.1.0")?.selector == "one::it")
        #expect(try target("one 0.1.0 (path+file:///w/one)")?.selector == "one::it")
        #expect(try target("one 0.1.0 (path+file:///w/one)")?.arguments == ["-p", "one", "--test", "it"])
    }

    @Test(arguments: ["one", "one::it", "one::bin/tool", "one::example/x"])
    func `a program's name reads back`(selector: String) {
        #expect(CargoTarget(selector + "#a::b").selector == selector)
    }
}
