import CICore

/// The answers of `cargo nextest list --message-format json` and `cargo nextest show-config test-groups`.
struct NextestListing {
    /// One test program with its tests.
    struct Program: Hashable {
        var id: String
        var tests: [String]
        var ignored: Int
    }

    private(set) var programs: [Program] = []

    /// `nil` if it is no such answer.
    init?(_ bytes: [UInt8]) {
        guard let json = bytes.withUnsafeBufferPointer({ JSONValue($0) }),
            case .object(let suites)? = json["rust-suites"]
        else { return nil }
        for (id, suite) in suites {
            guard case .object(let cases)? = suite["testcases"] else { continue }
            var program = Program(id: id, tests: [], ignored: 0)
            for (name, test) in cases where test["filter-match"]?["status"]?.string != "mismatch" {
                program.tests.append(name)
            }
            program.ignored = cases.filter { $1["ignored"]?.bool == true }.count
            program.tests.sort()
            if !program.tests.isEmpty { programs.append(program) }
        }
        programs.sort { $0.id < $1.id }
    }

    /// The groups of tests that have one, by `program#test`.
    ///
    /// The text is lines of growing indentation: `group: NAME (max threads = N)`, the override, a program's id with a
    /// colon, its tests.
    static func groups(in text: String) -> [String: String] {
        var result: [String: String] = [:]
        var group: String?
        var program: String?
        for line in text.split(separator: "\n") {
            let words = line.drop { $0 == " " }
            let depth = line.count - words.count
            if depth == 0 {
                group = words.hasPrefix("group: ") ? String(words.dropFirst(7).prefix { $0 != " " }) : nil
                if group == "@global" { group = nil }
            } else if words.hasPrefix("* ") {
                program = nil
            } else if words.hasSuffix(":") {
                program = String(words.dropLast())
            } else if let group, let program, words != "(no matches)" {
                result["\(program)#\(words)"] = group
            }
        }
        return result
    }
}
