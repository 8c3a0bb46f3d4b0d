import CLibXML2

/// The element and attribute names that mean something in any dialect; every other name is `unknown`.
enum XMLName: String, CaseIterable {
    case unknown = ""
    case testsuites, testsuite, testcase, failure, error, skipped, properties, property, name, message, type, value
    case flakyFailure, flakyError, rerunFailure, rerunError, stackTrace
    case systemOut = "system-out"
    case systemErr = "system-err"
    case classname, `class`, file, filepath, line, lineno, time, duration, status, result, tests, failures, errors,
        disabled
    case testResults = "test-results"
    case testRun = "test-run"
    case testSuite = "test-suite"
    case testCase = "test-case"
    case stackTraceElement = "stack-trace"
    case reason, output, attachment, filePath, attachments, executed, success, fullname, label, methodname
    case assemblies, assembly, collection, test, method, traits, trait
    case exceptionType = "exception-type"
    case sourceFile = "source-file"
    case sourceLine = "source-line"
    case TestRun, UnitTestResult, UnitTest, TestMethod, StdOut, StdErr, ErrorInfo, Message, StackTrace, InnerResults
    case ResultFile, RunInfo, Text
    case coverage, report, counter, missed, covered, methods, hits
    case linesCovered = "lines-covered"
    case linesValid = "lines-valid"
    case testId, testName, outcome, className, id, path, executionId, parentExecutionId
}

/// The names of one parser: libxml2 keeps each name once, so that comparing pointers is comparing names.
///
/// Plain memory, freed by whoever made it: a reference would be counted for every element.
struct XMLNameTable {
    /// Open addressing over the pointers; a power of two, at most a quarter full.
    private let slots: UnsafeMutableBufferPointer<Slot>
    private static let mask = 511

    private struct Slot {
        var pointer: UnsafePointer<UInt8>?
        var name: XMLName
    }

    /// `nil` where libxml2 has no memory left.
    init?(dictionary: xmlDictPtr?) {
        slots = .allocate(capacity: Self.mask + 1)
        slots.initialize(repeating: Slot(pointer: nil, name: .unknown))
        for name in XMLName.allCases where name != .unknown {
            guard let pointer = xmlDictLookup(dictionary, name.rawValue, -1) else {
                slots.deallocate()
                return nil
            }
            var index = Self.index(of: pointer)
            while slots[index].pointer != nil { index = (index + 1) & Self.mask }
            slots[index] = Slot(pointer: pointer, name: name)
        }
    }

    func deallocate() { slots.deallocate() }

    /// The name behind a pointer that the parser handed over.
    func name(of pointer: UnsafePointer<UInt8>) -> XMLName {
        var index = Self.index(of: pointer)
        while true {
            let slot = slots[index]
            if slot.pointer == pointer { return slot.name }
            if slot.pointer == nil { return .unknown }
            index = (index + 1) & Self.mask
        }
    }

    private static func index(of pointer: UnsafePointer<UInt8>) -> Int {
        let bits = UInt(bitPattern: pointer)
        return Int(truncatingIfNeeded: (bits >> 2) ^ (bits >> 11)) & mask
    }
}
