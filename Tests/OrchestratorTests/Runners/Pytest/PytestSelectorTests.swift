import Testing

@testable import Orchestrator

struct PytestSelectorTests {
    @Test(arguments: [
        ("t.py", "t.py", "t.py", "", "t"),
        ("d/t.py::a", "d/t.py", "d/t.py::a", "d.t", "a"),
        ("d/t.py::K::L::a[x::y/z]", "d/t.py", "d/t.py::K::L::a", "d.t.K.L", "a[x::y/z]"),
        ("we[i]rd.py::a[[]]", "we[i]rd.py", "we[i]rd.py::a", "we[i]rd", "a[[]]"),
        ("x.yaml::case", "x.yaml", "x.yaml::case", "x.yaml", "case"),
    ])
    func `a node id falls into file, function and the names of reports`(
        text: String, file: String, function: String, className: String, name: String
    ) {
        let selector = PytestSelector(text)
        #expect(selector.file == file)
        #expect(selector.function == function)
        #expect(selector.reportedNames.className == className)
        #expect(selector.reportedNames.name == name)
    }

    @Test(arguments: [("\"a\\u00e9\\\"b\"", "aé\"b"), ("plain", nil), ("", nil), ("{}", nil)])
    func `only what the plugin wrote is a selector`(property: String, selector: String?) {
        #expect(PytestSelector.decode(property: property) == selector)
    }
}
