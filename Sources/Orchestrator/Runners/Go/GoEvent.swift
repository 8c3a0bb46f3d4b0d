import CICore

/// One line of `go test -json` as far as runners need it (`go doc test2json`).
struct GoEvent {
    var action: String
    var package: String
    var test: String?
    var output: String?

    init?(_ line: ArraySlice<UInt8>) {
        guard let json = line.withUnsafeBufferPointer({ JSONValue($0) }), let action = json["Action"]?.string else {
            return nil
        }
        self.action = action
        package = json["Package"]?.string ?? ""
        test = json["Test"]?.string
        output = json["Output"]?.string
    }

    /// The tests that had begun and not ended, as selectors of whole top-level tests.
    static func running(in bytes: [UInt8]) -> [String] {
        var open: [String] = []
        for line in bytes.split(separator: UInt8(ascii: "\n")) {
            guard let event = GoEvent(line), let test = event.test else { continue }
            guard let root = GoSelector(package: event.package, test: test).root, root == test else { continue }
            let selector = GoSelector(package: event.package, test: root).text
            switch event.action {
            case "run": open.append(selector)
            case "pass", "fail", "skip": open.removeAll { $0 == selector }
            default: break
            }
        }
        return open
    }
}
