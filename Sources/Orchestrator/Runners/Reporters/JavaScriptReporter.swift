/// What our reporters for JavaScript tools have in common; their files end in `.cjs`, whatever a project's modules are.
enum JavaScriptReporter {
    /// A reporter's whole source.
    static func source(_ reporter: String) -> String { prelude + "\n" + reporter + "\n" }

    private static let prelude = #"""
        "use strict";
        const fs = require("fs");
        const path = require("path");

        const write = (event) => fs.appendFileSync(process.env.DTCI_TEST_EVENTS, JSON.stringify(event) + "\n");
        const relative = (file) => (file ? path.relative(process.cwd(), path.resolve(file)).split(path.sep).join("/") : "");
        const plain = (text) => String(text).replace(/\u001b\[[0-9;]*m/g, "");
        write({ event: "begin" });

        """#
}
