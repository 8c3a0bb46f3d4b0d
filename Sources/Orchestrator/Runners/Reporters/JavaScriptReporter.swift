/// What our reporters for JavaScript tools have in common; their files end in `.cjs`, whatever a project's modules are.
enum JavaScriptReporter {
    /// A reporter's whole source.
    static func source(_ reporter: String) -> String { prelude + "\n" + reporter + "\n" }

    private static let prelude = #"""
        "use strict";
        const fs = require("fs");
        const path = require("path");
        const url = require("url");

        const write = (event) => fs.appendFileSync(process.env.DTCI_TEST_EVENTS, JSON.stringify(event) + "\n");
        // Node.js 18 names a module by its URL.
        const place = (file) => path.resolve(file.startsWith("file://") ? url.fileURLToPath(file) : file);
        const relative = (file) => (file ? path.relative(process.cwd(), place(file)).split(path.sep).join("/") : "");
        const plain = (text) => String(text).replace(/\u001b\[[0-9;]*m/g, "");
        write({ event: "begin" });

        """#
}
