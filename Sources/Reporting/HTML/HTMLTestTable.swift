import CICore

/// All tests of the single page: data in the page, and a script that searches, filters and turns pages.
struct HTMLTestTable {
    let results: RunResults

    /// Failures whose texts travel with the table; their sections above have the first of them already.
    private static let textLimit = 400

    func write(to writer: inout MarkupWriter) {
        writer.raw(
            """
            <section id="tests"><h2>All tests</h2><form class="find" role="search"><label>Search \
            <input type="search" id="q" autocomplete="off" placeholder="part of a name, a file or a suite"></label>\
            <label>Outcome <select id="o"><option value="">all</option><option value="f">failed</option>\
            <option value="k">flaky</option><option value="s">skipped</option><option value="p">passed</option></select></label>\
            <label>Order <select id="s"><option value="">as in the run</option><option value="d">slowest first</option>\
            <option value="n">by name</option></select></label></form><p id="found" role="status" aria-live="polite"></p>\
            <noscript><p>The list of all tests needs JavaScript; what failed is above.</p></noscript>\
            <table><caption class="skip">All tests</caption><thead><tr><th scope="col">Outcome</th>\
            <th scope="col" class="n">Time</th><th scope="col">Test</th></tr></thead><tbody id="rows"></tbody></table>\
            <nav class="pages" aria-label="Pages of tests"><button id="prev" type="button">Previous</button> <span id="at"></span> \
            <button id="next" type="button">Next</button></nav></section><script type="application/json" id="data">
            """)
        writeData(to: &writer)
        writer.raw("</script><script>")
        writer.plain(HTMLScript.text)
        writer.raw("</script>")
    }

    /// Suites once, and a test as `[suite, name, outcome, milliseconds, place, message]`, the last two only where they say
    /// something.
    private func writeData(to writer: inout MarkupWriter) {
        var suites: [SuiteName: Int] = [:]
        var names: [SuiteName] = []
        var json = JSONWriter(capacity: 128 << 10)
        var texts = 0
        json.object { json in
            json.key("tests")
            json.array(results.tests) { json, test in
                let suite = suites[test.identity.suite] ?? names.count
                if suite == names.count {
                    suites[test.identity.suite] = suite
                    names.append(test.identity.suite)
                }
                append(test, suite: suite, texts: &texts, to: &json)
                if json.bytes.count > 64 << 10 { Self.drain(&json, to: &writer) }
            }
            json.key("suites")
            json.array(names) { $0.value(SafeText.line($1.rawValue, limit: 120)) }
        }
        Self.drain(&json, to: &writer)
    }

    private func append(_ test: TestRecord, suite: Int, texts: inout Int, to json: inout JSONWriter) {
        let identity = test.identity
        let name = [identity.className, identity.name].filter { !$0.isEmpty }.joined(separator: " › ")
        json.array { json in
            json.value(suite)
            json.value(SafeText.line(name, limit: 240))
            json.value(test.isFlaky ? "k" : test.outcome.letter)
            json.value(Int(test.duration / .milliseconds(1)))
            let message = test.outcome.isFailure ? FailureWords(test.deciding?.reason).line : ""
            guard identity.location != nil || !message.isEmpty else { return }
            json.value(
                identity.location.map { SafeText.line($0.file, limit: 160) + ($0.line.map { ":\($0)" } ?? "") } ?? "")
            guard !message.isEmpty, texts < Self.textLimit else { return }
            texts += 1
            json.value(SafeText.line(message, limit: 400))
        }
    }

    /// In a script element a `<` could end it: it stands only in strings, where it may be written as an escape.
    private static func drain(_ json: inout JSONWriter, to writer: inout MarkupWriter) {
        for byte in json.drain() {
            if byte == UInt8(ascii: "<") { writer.raw("\\u003c") } else { writer.byte(byte) }
        }
    }
}

extension Outcome {
    /// What the page calls it.
    var letter: String {
        switch self {
        case .passed: "p"
        case .skipped: "s"
        case .failed, .errored: "f"
        }
    }
}
