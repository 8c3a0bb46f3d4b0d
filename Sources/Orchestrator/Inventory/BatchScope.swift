/// What was asked of a batch.
package struct BatchScope: Sendable, Hashable {
    package var suite: Suite
    package var units: [TestUnit]

    package init(suite: Suite, units: [TestUnit]) {
        self.suite = suite
        self.units = units
    }
}
