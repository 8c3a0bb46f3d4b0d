package import CICore

package import struct FoundationEssentials.Date

/// What history learnt of one test on one class of hardware.
package struct TestTiming: Sendable, Hashable {
    package var suite: SuiteName
    /// What the runner accepts to run this test alone.
    package var selector: String
    /// The selector of the file, class or package around it.
    package var container: String
    package var hardware: HardwareClass
    package var learnt: Learnt
    /// The start of the last complete run that executed it.
    package var seenAt: Date

    package init(
        suite: SuiteName, selector: String, container: String, hardware: HardwareClass, learnt: Learnt, seenAt: Date
    ) {
        self.suite = suite
        self.selector = selector
        self.container = container
        self.hardware = hardware
        self.learnt = learnt
        self.seenAt = seenAt
    }

    package var id: TestID { TestID(suite: suite, selector: selector) }

    /// Figures over the last durations.
    package struct Learnt: Sendable, Hashable {
        /// The weighted median.
        package var typical: Duration
        /// The 99th percentile.
        package var upper: Duration
        /// How many durations the typical one is made of.
        package var samples: Int

        package init(typical: Duration, upper: Duration, samples: Int) {
            self.typical = typical
            self.upper = upper
            self.samples = samples
        }
    }
}
