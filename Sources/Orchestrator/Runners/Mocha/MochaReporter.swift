/// Our reporter for mocha: what begins and ends, as it happens.
enum MochaReporter {
    static let source = JavaScriptReporter.source(
        #"""
        // Files of the configuration's own `spec` come on top of those of the command line: only ours are loaded.
        const only = process.env.DTCI_TEST_FILES ? new Set(JSON.parse(process.env.DTCI_TEST_FILES)) : null;
        const mocha = Object.values(require.cache).find((module) => /[\\/]mocha[\\/]lib[\\/]mocha\.js$/.test(module.filename));
        if (only && mocha && mocha.exports.prototype) {
          for (const load of ["loadFiles", "loadFilesAsync"]) {
            const original = mocha.exports.prototype[load];
            mocha.exports.prototype[load] = function (...rest) {
              this.files = this.files.filter((file) => only.has(relative(file)) );
              return original.apply(this, rest);
            };
          }
        }
        const fileOf = (test) => {
          for (let suite = test; suite; suite = suite.parent) if (suite.file) return relative(suite.file);
          return "";
        };
        const names = (test) => (test.parent && !test.parent.root ? test.parent.titlePath() : []);
        const selector = (test) => fileOf(test) + "#" + test.fullTitle();
        const reason = (error) => error ? {
          type: error.name, message: plain(error.message || String(error)), details: plain(error.stack || String(error)),
        } : {};

        module.exports = class {
          constructor(runner) {
            const finish = (test, outcome, words) => write({
              event: "finish", id: selector(test), suite: names(test), class: names(test).join(" "), name: test.title,
              file: fileOf(test), outcome, seconds: (test.duration || 0) / 1000, ...words,
            });
            runner.on("start", () => console.log("dt-ci: mocha began"));
            runner.on("test", (test) => write({ event: "start", id: selector(test) }));
            runner.on("pass", (test) => finish(test, "passed", {}));
            runner.on("pending", (test) => finish(test, "skipped", {}));
            runner.on("fail", (test, error) => {
              finish(test, test.type === "hook" ? "errored" : "failed", reason(error));
              console.log(`  ✗ ${test.fullTitle()}: ${plain(error && error.message || error)}`);
            });
            runner.on("retry", (test) => write({ event: "end", id: selector(test) }));
            runner.on("end", () => console.log(`dt-ci: mocha ran ${runner.stats ? runner.stats.tests : "its"} tests`));
          }
        };
        """#)
}
