const test = require("node:test");

const names = [
  "a b", "a/b", "[x] (y|z)* +?", "it's", "\"q\" `b`", "$(touch hacked)", "\\d{2}^$", "é中", "::error::x <b>&amp;",
  "-x",
];
for (const name of names) test(name, () => { if (name === "a/b") throw new Error("by design"); });
