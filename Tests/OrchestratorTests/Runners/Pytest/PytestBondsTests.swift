import CICore
import Testing

@testable import Orchestrator

struct PytestBondsTests {
    private func item(
        _ selector: String, class outermost: String? = nil, group: String? = nil, marks: [String] = [],
        module: [String] = [], shared: [String] = []
    ) -> PytestItem {
        PytestItem(
            selector: selector, outermostClass: outermost, group: group, marks: marks, moduleFixtures: module,
            classFixtures: shared)
    }

    @Test func `tests that share a module fixture stay together, and through one another`() {
        let units = PytestBonds([
            item("t.py::a", module: ["db"]), item("t.py::b", module: ["db", "net"]), item("t.py::c", module: ["net"]),
            item("t.py::d"), item("u.py::a", module: ["db"]),
        ]).units(.test, of: "s")
        let bonds = units.map(\.constraints.bond)
        #expect(bonds[0] != nil)
        #expect(bonds[0] == bonds[1] && bonds[1] == bonds[2])
        #expect(bonds[3] == nil)
        #expect(bonds[4] != nil && bonds[4] != bonds[0])
    }

    @Test func `a group ties across files, and takes module fixtures with it`() {
        let units = PytestBonds([
            item("t.py::a", group: "gpu", module: ["db"]), item("t.py::b", module: ["db"]),
            item("u.py::c", group: "gpu"),
        ]).units(.test, of: "s")
        #expect(units.map(\.constraints.bond) == ["g:gpu", "g:gpu", "g:gpu"])
        let files = PytestBonds([item("t.py::a", module: ["db"]), item("u.py::c", group: "gpu")]).units(.file, of: "s")
        #expect(files.map(\.constraints.bond) == [nil, "g:gpu"])
    }

    @Test func `a class with a fixture of its own is not cut`() {
        let units = PytestBonds([
            item("t.py::K::a", class: "t.py::K", shared: ["db"]), item("t.py::K::b", class: "t.py::K", shared: ["db"]),
            item("t.py::L::a", class: "t.py::L"),
        ]).units(.test, of: "s")
        #expect(units[0].constraints.bond != nil && units[0].constraints.bond == units[1].constraints.bond)
        #expect(units[2].constraints.bond == nil)
    }

    @Test func `units hold all of their tests, rows of a table included`() {
        let items = [
            item("t.py::f[1]"), item("t.py::f[2]", marks: ["slow"]), item("t.py::K::a", class: "t.py::K"),
            item("t.py::K::L::b", class: "t.py::K", marks: ["serial"]),
        ]
        let classes = PytestBonds(items).units(.class, of: "s")
        #expect(classes.map(\.selector) == ["t.py::f", "t.py::K"])
        #expect(classes.map(\.tests) == [["t.py::f[1]", "t.py::f[2]"], ["t.py::K::a", "t.py::K::L::b"]])
        #expect(classes.map(\.constraints.isSerial) == [false, true])
        #expect(classes.map(\.constraints.labels) == [["slow"], ["serial"]])
        #expect(classes.allSatisfy { $0.container == "t.py" })
    }
}
