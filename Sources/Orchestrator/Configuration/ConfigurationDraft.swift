import CICore
import Yams

/// The `dt-ci.yml` that `dt-ci init` writes: the proposed suites, and every other key as a comment.
package struct ConfigurationDraft: Sendable {
    /// Ends with a line feed.
    package let text: String

    package init(_ zero: ZeroConfiguration) {
        var lines = [
            "# How dt-ci runs the tests of this repository.",
            "# `dt-ci config check` checks this file; every key is optional where a comment shows its default.",
            "version: 1", "",
        ]
        if zero.proposals.isEmpty {
            lines += ["# No test runner was recognised. A suite looks like this:"]
            lines += Self.example.map { "# " + $0 }
        } else {
            lines.append("suites:")
            for proposal in zero.proposals { lines += Self.lines(of: proposal) }
        }
        lines += ["", "run:"]
        for key in RunKeys.section.keys { lines += Self.comment(on: key, indent: "  ") }
        lines += ["", "publish:"]
        for key in PublishKeys.all.keys { lines += Self.comment(on: key, indent: "  ") }
        lines += ["", "artifacts:"]
        for key in ArtifactKeys.section.keys { lines += Self.comment(on: key, indent: "  ") }
        lines.append("")
        let keys: [any AnyKey] = [
            RootKeys.groups, RootKeys.semaphores, RootKeys.history, RootKeys.results, RootKeys.quarantine,
        ]
        for key in keys {
            lines += Self.comment(on: key, indent: "")
        }
        text = lines.map { $0 + "\n" }.joined()
    }

    private static let example = [
        "suites:", "  - name: checks", "    runner: command", "    list: ls checks",
        "    command: ./run-check {{tests}}",
    ]

    private static func lines(of proposal: SuiteProposal) -> [String] {
        var lines = wrapped(proposal.because, prefix: "  # ")
        for (index, item) in proposal.nodes.enumerated() {
            lines.append("\(index == 0 ? "  - " : "    ")\(item.key.name): \(item.node.flowText)")
        }
        return lines
            + [
                "    # retries: 0", "    # timeout: auto", "    # after: []", "    # setup: []", "    # exclusive: {}",
            ]
    }

    private static func comment(on key: any AnyKey, indent: String) -> [String] {
        let value =
            switch key.shownDefault {
            case .map([:])?: "{}"
            case .list([])?: "[]"
            case let shown: shown?.line ?? ""
            }
        return wrapped(key.summary, prefix: "\(indent)# ") + ["\(indent)# \(key.name): \(value)"]
    }

    private static func wrapped(_ text: String, prefix: String) -> [String] {
        var lines: [String] = []
        var line = ""
        for word in text.split(whereSeparator: \.isWhitespace) {
            if !line.isEmpty, prefix.count + line.count + 1 + word.count > 100 {
                lines.append(prefix + line)
                line = ""
            }
            line += (line.isEmpty ? "" : " ") + word
        }
        return lines + [prefix + line]
    }
}

extension Node {
    /// On one line, quoted where YAML would read it as something else.
    fileprivate var flowText: String {
        switch self {
        case .sequence(let items): "[\(items.map(\.flowText).joined(separator: ", "))]"
        case .scalar(let scalar): scalar.string.isPlainYAML ? scalar.string : scalar.string.quoted
        default: ""
        }
    }
}

extension String {
    fileprivate var isPlainYAML: Bool {
        guard let first = utf8.first, UInt8(ascii: "A")...UInt8(ascii: "z") ~= first else { return false }
        let words = ["true", "false", "yes", "no", "on", "off", "null", "y", "n"]
        let isWord = utf8.allSatisfy { byte in
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                UInt8(ascii: "0")...UInt8(ascii: "9"):
                true
            default: "._-/+".utf8.contains(byte)
            }
        }
        return isWord && !words.contains(lowercased()) && first != UInt8(ascii: "[") && first != UInt8(ascii: "_")
    }

    /// JSON's strings are YAML's double-quoted ones.
    fileprivate var quoted: String {
        var writer = JSONWriter()
        writer.value(self)
        return String(decoding: writer.bytes, as: UTF8.self)
    }
}
