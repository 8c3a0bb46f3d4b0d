/// What `phpunit --list-tests-xml` wrote: `testCaseClass` and `testCaseMethod` up to PHPUnit 9, `testClass` and
/// `testMethod` from 10 on.
struct PHPUnitListing {
    private(set) var classes: [TestClass] = []

    /// One class with its tests, rows of data providers apart.
    struct TestClass: Hashable {
        var name: String
        /// `App\CalcTest::testRows with data set "one"`.
        var tests: [String]
        /// Without `default`.
        var groups: [String]
    }

    init(_ text: String) {
        for tag in XMLTags(text).tags {
            switch tag.name {
            case "testCaseClass", "testClass":
                classes.append(TestClass(name: tag.attributes["name"] ?? "", tests: [], groups: []))
            case "testCaseMethod", "testMethod":
                guard let last = classes.indices.last, let name = tag.attributes["name"] else { continue }
                classes[last].tests.append("\(classes[last].name)::\(name)\(Self.row(of: tag))")
                for group in (tag.attributes["groups"] ?? "").split(separator: ",").map(String.init)
                where group != "default" && !group.hasPrefix("__phpunit_") && !classes[last].groups.contains(group) {
                    classes[last].groups.append(group)
                }
            default: break
            }
        }
        classes.removeAll { $0.name.isEmpty || $0.tests.isEmpty }
    }

    /// `dataSet="&quot;one&quot;"`, or since PHPUnit 10 the end of an `id`: `C::m#one`, `C::m#0`.
    private static func row(of tag: XMLTags.Tag) -> String {
        if let row = tag.attributes["dataSet"] { return " with data set \(row)" }
        guard let id = tag.attributes["id"], let hash = id.firstIndex(of: "#") else { return "" }
        let row = id[id.index(after: hash)...]
        return row.allSatisfy(\.isNumber) ? " with data set #\(row)" : " with data set \"\(row)\""
    }
}
