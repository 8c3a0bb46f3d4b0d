/// Our reporter for `node --test`, and what is loaded into each test file to tell which test is running.
///
/// Node hands a file's results to reporters in the order of the tests, a parent after its children; a file whose
/// process dies takes results along, so starts and ends are written by hooks within the file's own process.
enum NodeReporter {
    /// Loaded with `--require` into every file's process.
    static let hooks = JavaScriptReporter.source(
        #"""
        const { beforeEach, afterEach } = require("node:test");
        const file = relative(process.argv[1]);
        const open = [];
        const full = (context) => context.fullName || context.name;
        beforeEach((context) => {
          const name = full(context);
          if (open.some((outer) => name.startsWith(outer + " > "))) return;
          open.push(name);
          write({ event: "start", id: file + "#" + name });
        });
        afterEach((context) => {
          const index = open.lastIndexOf(full(context));
          if (index < 0) return;
          write({ event: "end", id: file + "#" + open[index] });
          open.splice(index, 1);
        });
        """#)

    /// Given to `--test-reporter`; only the tests and files of `DTCI_TEST_NAMES`, if there is one, are written.
    static let reporter = JavaScriptReporter.source(
        #"""
        const wanted = process.env.DTCI_TEST_NAMES ? new Set(JSON.parse(process.env.DTCI_TEST_NAMES)) : null;
        const isListing = process.env.DTCI_TEST_LISTING === "1";
        const pending = new Map();
        const errors = new Map();
        const notSelected = "test name does not match pattern";

        const reason = (data) => {
          const error = data.details && data.details.error;
          if (!error) return {};
          const cause = error.cause instanceof Error ? error.cause : error;
          return {
            type: cause.name || error.failureType, message: plain(cause.message || String(cause)),
            details: plain(cause.stack || String(cause)),
          };
        };

        const outcome = (kind, data) => {
          if (data.skip !== undefined && data.skip !== false) return "skipped";
          if (data.todo !== undefined && data.todo !== false) return "skipped";
          return kind === "test:pass" ? "passed" : "failed";
        };

        const flush = (node, names, selector, file) => {
          const path = names.concat(node.data.name);
          const isSuite = node.data.details && node.data.details.type === "suite";
          const name = path.join(" > ");
          const id = selector || (isSuite ? "" : file + "#" + name);
          for (const child of node.children) flush(child, path, id, file);
          const skip = node.data.skip;
          if (skip === notSelected && !isListing) return;
          const isBroken = isSuite && node.kind === "test:fail" && !node.children.some((child) => child.kind === "test:fail");
          if (isSuite && !isBroken) return;
          const own = id || file + "#" + name;
          if (wanted && !wanted.has(own) && !wanted.has(file)) return;
          const words = outcome(node.kind, node.data) === "skipped"
            ? { message: String(skip === true || skip === undefined ? node.data.todo || "" : skip) } : reason(node.data);
          write({
            event: "finish", id: own, suite: [file].concat(names), class: file, name, file, line: node.data.line,
            outcome: outcome(node.kind, node.data),
            seconds: ((node.data.details && node.data.details.duration_ms) || 0) / 1000, ...words,
          });
        };

        const hasStarted = (file) => {
          try {
            return fs.readFileSync(process.env.DTCI_TEST_EVENTS, "utf8").includes(JSON.stringify({ event: "start", id: file + "#" }).slice(0, -2));
          } catch { return false; }
        };

        const endOfFile = (file, kind, data) => {
          const error = (data.details && data.details.error) || {};
          const started = hasStarted(file);
          if (kind === "test:pass" && !started) return;
          const words = errors.get(file) || "";
          if (!started) process.stdout.write(`\ndt-ci: cannot load ${file}\n${words}\n`);
          else process.stdout.write(`\ndt-ci: the process of ${file} died: ${error.signal || "exit code " + (error.exitCode || 0)}\n`);
        };

        const finish = (kind, data) => {
          const file = relative(data.file || data.name);
          if (data.nesting === 0 && path.isAbsolute(data.name) && relative(data.name) === file) return endOfFile(file, kind, data);
          const waiting = pending.get(file) || [];
          const children = waiting.filter((node) => node.data.nesting > data.nesting);
          const rest = waiting.filter((node) => node.data.nesting <= data.nesting);
          const node = { kind, data, children };
          if (data.nesting > 0) { pending.set(file, rest.concat(node)); return; }
          pending.set(file, rest);
          flush(node, [], "", file);
        };

        module.exports = async function* (source) {
          for await (const event of source) {
            if (event.type === "test:pass" || event.type === "test:fail") finish(event.type, event.data);
            if (event.type === "test:stderr") {
              const file = relative(event.data.file);
              errors.set(file, ((errors.get(file) || "") + event.data.message).slice(-8000));
            }
          }
          yield "";
        };
        """#)
}
