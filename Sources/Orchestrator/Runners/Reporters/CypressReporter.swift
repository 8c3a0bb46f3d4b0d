/// A Mocha reporter for Cypress that writes our events; Cypress names the spec file on the root suite alone.
enum CypressReporter {
    static let source = JavaScriptReporter.source(
        #"""
        module.exports = class {
          constructor(runner) {
            const file = () => relative(runner.suite && runner.suite.file);
            const id = (test) => `${file()}::${test.fullTitle()}`;
            const finish = (test, outcome, error) => write({
              event: "finish", id: id(test), file: file(), suite: parents(test), name: test.title, outcome,
              seconds: (test.duration || 0) / 1000, type: error && error.name, message: error && plain(error.message),
              details: error && plain(error.stack || error.message),
            });
            runner.on("test", (test) => write({ event: "start", id: id(test) }));
            runner.on("pass", (test) => finish(test, "passed"));
            runner.on("pending", (test) => finish(test, "skipped"));
            runner.on("fail", (test, error) => finish(test, error && error.name === "AssertionError" ? "failed" : "errored", error));
          }
        };

        const parents = (test) => {
          const titles = [];
          for (let suite = test.parent; suite && !suite.root; suite = suite.parent) titles.unshift(suite.title);
          return titles;
        };
        """#)
}
