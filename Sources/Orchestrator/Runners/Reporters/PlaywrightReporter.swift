/// A Playwright reporter that writes our events, one result for each attempt.
enum PlaywrightReporter {
    static let source = JavaScriptReporter.source(
        #"""
        const id = (test) => `${relative(test.location.file)}::${titles(test).join(" › ")}`;
        // Root, project, file, then the titles.
        const titles = (test) => test.titlePath().slice(3);

        module.exports = class {
          onTestBegin(test) {
            write({ event: "start", id: id(test) });
          }

          onTestEnd(test, result) {
            const error = result.error || {};
            const message = error.message && plain(error.message);
            write({
              event: "finish", id: id(test), file: relative(test.location.file), line: test.location.line,
              suite: [test.titlePath()[1], ...titles(test).slice(0, -1)].filter(Boolean), name: test.title,
              outcome: outcome(test, result), seconds: result.duration / 1000,
              type: result.status === "timedOut" ? "timeout" : undefined, message,
              details: message && plain(error.stack || error.message),
              output: result.stdout.concat(result.stderr).map(String).join("") || undefined,
            });
          }

          onError(error) {
            const file = error.location ? relative(error.location.file) : "playwright";
            const message = plain(error.message || error.value || "");
            write({ event: "finish", id: file, file, name: file, outcome: "errored", message, details: error.stack && plain(error.stack) });
          }

          printsToStdio() {
            return false;
          }
        };

        const outcome = (test, result) => {
          if (result.status === "skipped") return "skipped";
          if (result.status === test.expectedStatus) return "passed";
          return result.status === "failed" || result.status === "passed" ? "failed" : "errored";
        };
        """#)
}
