package import Artifacts
import CICore
package import SystemPackage

/// A report that an invocation leaves.
package struct ExpectedReport: Sendable, Hashable {
    /// A file, or a directory whose `*.xml` are reports; of TRX its `*.trx`.
    package var path: FilePath
    /// `nil` = told by its content.
    package var format: ReportFormat?
    /// Whether its absence after a normal end is an error of the runner.
    package var isRequired: Bool
    /// The selector of the file, package or binary whose tests it holds, where the report itself doesn't say.
    package var container: String?
    /// Put in front of class names that the report leaves unqualified, such as `Module.`; its last
    /// character is a separator.
    package var classPrefix: String

    package init(
        _ path: FilePath, format: ReportFormat? = .junit, isRequired: Bool = true, container: String? = nil,
        classPrefix: String = ""
    ) {
        self.path = path
        self.format = format
        self.isRequired = isRequired
        self.container = container
        self.classPrefix = classPrefix
    }

    /// Whether a file of this name is a report, where `path` is a directory.
    package func takes(_ name: String) -> Bool { name.hasSuffix(format == .trx ? ".trx" : ".xml") }

    /// A test of this report, with what only the invocation knows of it: whoever reads a report passes every test
    /// through here before it asks the runner for the address.
    package func complete(_ test: ReportedTest) -> ReportedTest {
        var test = test
        for index in test.attempts.indices { test.attempts[index].reason = Self.reason(of: test.attempts[index]) }
        if test.className.isEmpty {
            test.className = String(classPrefix.dropLast())
        } else if !test.className.hasPrefix(classPrefix) {
            test.className = classPrefix + test.className
        }
        if let container { test.properties[ReportedTest.containerProperty] = container }
        return test
    }

    /// A failure without a word, as CTest writes it, is told by what its test printed.
    private static func reason(of attempt: Attempt) -> Attempt.Reason? {
        guard attempt.outcome.isFailure, let output = attempt.output else { return attempt.reason }
        let texts = [attempt.reason?.message, attempt.reason?.details]
        guard texts.allSatisfy({ $0?.isEmpty ?? true }) else { return attempt.reason }
        return Attempt.Reason(type: attempt.reason?.type, details: output)
    }
}

extension ReportedTest {
    /// The property that holds `ExpectedReport.container`.
    package static let containerProperty = "dtci.container"

    /// The container that the invocation gave; `nil` where the report says it.
    package var expectedContainer: String? { properties[Self.containerProperty] }
}
