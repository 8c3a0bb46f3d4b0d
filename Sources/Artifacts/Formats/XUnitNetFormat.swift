import CICore

extension ReportFormat {
    /// xUnit.net's own XML, versions 1 and 2.
    package static let xunitNet = ReportFormat(
        "xunit-net", title: "xUnit.net v2",
        .xml(XMLGrammar(roots: [.assemblies, .assembly], dialect: { XUnitNetDialect(sink: $0) })))
}

/// `assembly`, `collection` (or `class`), `test`.
final class XUnitNetDialect: SingleTestDialect {
    let sink: ReportSink
    var test: OpenTest?
    var texts: XMLTexts
    private var assembly = ""
    /// An `<error>` of the assembly: a class fixture's clean-up, for one.
    private var error: OpenTest?

    init(sink: ReportSink) {
        self.sink = sink
        texts = XMLTexts(limits: sink.limits)
    }

    func start(_ element: XMLElement) {
        switch element.name {
        case .assembly:
            assembly = Self.fileName(of: element.name(.name, sink.limits))
        case .test:
            test = open(element)
        case .error:
            let type = element.name(.type, sink.limits)
            let name = element.name(.name, sink.limits)
            error = OpenTest(
                test: ReportedTest(suitePath: path, name: name.isEmpty ? type : name, attempts: []),
                outcome: .errored, duration: .zero)
        case .failure:
            let type = element.text(.exceptionType, sink.limits)
            if error != nil { error?.reason.type = type } else { test?.reason.type = type }
        case .trait:
            keepProperty(element)
        case .message, .stackTraceElement, .reason, .output:
            texts.start()
        default:
            break
        }
    }

    func end(_ name: XMLName, depth: Int) {
        switch name {
        case .test:
            endTest()
        case .error:
            if let error { sink.take(error.finished(limits: sink.limits)) }
            error = nil
        case .message:
            set(\.message, texts.take())
        case .stackTraceElement:
            set(\.details, texts.take())
        case .reason:
            // In version 1 the text is in a <message> of its own.
            if let text = texts.take() { set(\.message, text) }
        case .output:
            test?.append(output: texts.take())
        default:
            break
        }
    }

    private var path: [String] { assembly.isEmpty ? [] : [assembly] }

    private func set(_ part: WritableKeyPath<Attempt.Reason, String?>, _ text: String?) {
        if error != nil { error?.reason[keyPath: part] = text } else { test?.reason[keyPath: part] = text }
    }

    /// `name` is the display name, which starts with the type and the method but where it was changed.
    private func open(_ element: XMLElement) -> OpenTest {
        let className = element.name(.type, sink.limits)
        var name = element.name(.name, sink.limits)
        if name.hasPrefix(className + "."), !className.isEmpty { name = String(name.dropFirst(className.count + 1)) }
        let file = element.name(.sourceFile, sink.limits)
        let location = file.isEmpty ? nil : SourceLocation(file: file, line: element.number(.sourceLine))
        return OpenTest(
            test: ReportedTest(suitePath: path, className: className, name: name, location: location, attempts: []),
            outcome: Self.outcome(element.value(.result)?.text ?? ""), duration: element.time(.time))
    }

    private static func outcome(_ result: String) -> Outcome {
        switch result {
        case "Pass": .passed
        case "Skip", "NotRun": .skipped
        default: .failed
        }
    }

    private static func fileName(of path: String) -> String {
        String(path.split { $0 == "/" || $0 == "\\" }.last ?? "")
    }
}
