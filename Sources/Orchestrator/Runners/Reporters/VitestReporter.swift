/// A Vitest reporter that writes our events, for Vitest 1 and 2 (all at the end) and 3 (as tests run).
enum VitestReporter {
    static let source = #"""
        import fs from "node:fs";
        import path from "node:path";

        const write = (event) => fs.appendFileSync(process.env.DTCI_TEST_EVENTS, JSON.stringify(event) + "\n");
        const relative = (file) => (file ? path.relative(process.cwd(), file).split(path.sep).join("/") : "");
        const plain = (text) => String(text).replace(/\u001b\[[0-9;]*m/g, "");
        write({ event: "begin" });

        export default class {
          onInit(vitest) {
            this.wanted = vitest.config.testNamePattern;
            this.isModern = false;
          }

          // Vitest 3 and later.
          onTestModuleStart(module) {
            this.isModern = true;
            write({ event: "start", id: relative(module.moduleId) });
          }

          onTestCaseReady(test) {
            if (this.isWanted(test.fullName)) write({ event: "start", id: `${relative(test.module.moduleId)}::${test.fullName}` });
          }

          onTestCaseResult(test) {
            const { state, errors } = test.result();
            const timing = test.diagnostic() || {};
            this.finish(relative(test.module.moduleId), test.fullName, test.name, state, timing.duration, errors, test.location);
          }

          onTestModuleEnd(module) {
            const file = relative(module.moduleId);
            this.fileErrors(file, module.errors());
            write({ event: "end", id: file });
          }

          // Vitest 1 and 2 have only this; later ones may still call it.
          onFinished(files) {
            if (this.isModern) return;
            for (const file of files || []) {
              if (file.result && file.result.errors && !file.tasks.length) this.fileErrors(relative(file.filepath), file.result.errors);
              this.visit(relative(file.filepath), [], file.tasks);
            }
          }

          visit(file, parents, tasks) {
            for (const task of tasks) {
              const names = [...parents, task.name];
              if (task.tasks) {
                this.visit(file, names, task.tasks);
              } else {
                const result = task.result || {};
                const state = { pass: "passed", fail: "failed" }[result.state] || "skipped";
                this.finish(file, names.join(" > "), task.name, state, result.duration, result.errors, task.location);
              }
            }
          }

          // What the pattern left out is neither skipped nor run.
          isWanted(fullName) {
            if (!this.wanted) return true;
            return [fullName, fullName.split(" > ").join(" ")].some((name) => new RegExp(this.wanted).test(name));
          }

          finish(file, fullName, name, state, duration, errors, location) {
            if (!this.isWanted(fullName)) return;
            const error = (errors || [])[0];
            write({
              event: "finish", id: `${file}::${fullName}`, file, line: location ? location.line : undefined,
              suite: fullName.split(" > ").slice(0, -1), name, outcome: state === "passed" || state === "failed" ? state : "skipped",
              seconds: (duration || 0) / 1000, type: error && error.name, message: error && plain(error.message),
              details: error && plain(error.stack || error.message),
            });
          }

          fileErrors(file, errors) {
            for (const error of errors || []) {
              write({
                event: "finish", id: file, file, name: file, outcome: "errored", type: error.name,
                message: plain(error.message), details: plain(error.stack || error.message),
              });
            }
          }
        }
        """#
}
