/// A Jest reporter that writes our events; results are final when their file is.
enum JestReporter {
    static let source = JavaScriptReporter.source(
        #"""
        module.exports = class {
          constructor(globalConfig) {
            const pattern = globalConfig && globalConfig.testNamePattern;
            this.wanted = pattern ? new RegExp(pattern, "i") : undefined;
          }

          onTestStart(test) {
            write({ event: "start", id: relative(test.path) });
          }

          onTestCaseStart(test, info) {
            write({ event: "start", id: `${relative(test.path)}::${info.fullName}` });
          }

          onTestCaseResult(test, result) {
            write({ event: "end", id: `${relative(test.path)}::${result.fullName}` });
          }

          onTestResult(test, report) {
            const file = relative(test.path);
            for (const result of report.testResults) {
              // What the pattern left out is neither skipped nor run.
              if (!this.wanted || this.wanted.test(result.fullName)) write(finished(file, result));
            }
            if (report.testExecError) {
              const { message, stack, type } = report.testExecError;
              write({
                event: "finish", id: file, file, name: file, outcome: "errored", type, message: message && plain(message),
                details: plain(report.failureMessage || stack || ""),
              });
            }
            write({ event: "end", id: file });
          }
        };

        const outcomes = { passed: "passed", failed: "failed" };

        const finished = (file, result) => {
          const details = (result.failureMessages || []).map(plain).join("\n\n");
          return {
            event: "finish", id: `${file}::${result.fullName}`, file, line: result.location ? result.location.line : undefined,
            suite: result.ancestorTitles, name: result.title, outcome: outcomes[result.status] || "skipped",
            seconds: (result.duration || 0) / 1000, message: details ? details.split("\n")[0] : undefined,
            details: details || undefined,
          };
        };
        """#)
}
