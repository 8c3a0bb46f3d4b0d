const test = require("node:test");

test("before", () => {});
test("dies", () => process.abort());
test("after", () => {});
