/// A test's place in the suite, in the runner's own words.
package struct TestAddress: Sendable, Hashable {
    /// Runs this test, or the smallest selectable thing that holds it.
    package var selector: String
    /// The file, package or binary around it.
    package var container: String
    /// Tells the test from its neighbours: equal to `selector`, but for tests that cannot be selected alone, such as
    /// a Go subtest or one row of a table (`TestParse/empty` with the selector `TestParse`).
    package var identifier: String

    package init(selector: String, container: String, identifier: String? = nil) {
        self.selector = selector
        self.container = container
        self.identifier = identifier ?? selector
    }
}
