/// A name that is one of a kind: the raw text is stable across runs, machines and formats.
package protocol Identifier: Hashable, Comparable, Sendable, CustomStringConvertible, ExpressibleByStringLiteral {
    /// The identifier as text.
    var rawValue: String { get }

    /// Wraps the text without checking it.
    init(_ rawValue: String)
}

extension Identifier {
    package var description: String { rawValue }

    package init(stringLiteral value: String) { self.init(value) }

    package static func < (left: Self, right: Self) -> Bool { left.rawValue < right.rawValue }
}

/// One test of one suite: `suite::selector`, where the selector is what the runner itself accepts to run this test alone.
package struct TestID: Identifier {
    package let rawValue: String

    package init(_ rawValue: String) { self.rawValue = rawValue }

    /// Joins a suite's name and a runner's selector.
    package init(suite: SuiteName, selector: String) { self.init("\(suite.rawValue)::\(selector)") }
}

/// The name of a configured suite, unique within `dt-ci.yml`.
package struct SuiteName: Identifier {
    package let rawValue: String

    package init(_ rawValue: String) { self.rawValue = rawValue }
}

/// One unit of one suite: `suite::selector`.
package struct UnitID: Identifier {
    package let rawValue: String

    package init(_ rawValue: String) { self.rawValue = rawValue }

    /// Joins a suite's name and a runner's selector.
    package init(suite: SuiteName, selector: String) { self.init("\(suite.rawValue)::\(selector)") }
}

/// One runner invocation of one run.
package struct BatchID: Identifier {
    package let rawValue: String

    package init(_ rawValue: String) { self.rawValue = rawValue }
}

/// One execution of `dt-ci run`.
package struct RunID: Identifier {
    package let rawValue: String

    package init(_ rawValue: String) { self.rawValue = rawValue }
}

/// A test tool's id, such as `pytest` or `go`.
package struct RunnerID: Identifier {
    package let rawValue: String

    package init(_ rawValue: String) { self.rawValue = rawValue }
}

/// The kind of machine that durations are keyed by, such as `linux-x86_64-2cpu`.
package struct HardwareClass: Identifier {
    package let rawValue: String

    package init(_ rawValue: String) { self.rawValue = rawValue }
}
