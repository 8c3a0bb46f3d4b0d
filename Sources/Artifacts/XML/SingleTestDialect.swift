import CICore

/// A format in which one test at a time is open and its texts stand in elements of their own: NUnit's and xUnit.net's.
protocol SingleTestDialect: XMLDialect {
    var sink: ReportSink { get }
    /// `nil` between tests.
    var test: OpenTest? { get set }
    var texts: XMLTexts { get set }
}

extension SingleTestDialect {
    func text(_ bytes: UnsafeBufferPointer<UInt8>) { texts.append(bytes) }

    func finish(isComplete: Bool) {
        guard !isComplete, test != nil else { return }
        test?.breakOff()
        endTest()
    }

    /// Hands the open test over.
    func endTest() {
        if let test { sink.take(test.finished(limits: sink.limits)) }
        test = nil
    }

    /// Keeps an element with a name and a value as a property of the open test, as long as there is room for more.
    func keepProperty(_ element: XMLElement) {
        guard let count = test?.test.properties.count, count < sink.limits.items else { return }
        test?.test.properties[element.name(.name, sink.limits)] = element.name(.value, sink.limits)
    }
}
