const test = require("node:test");

test("before", () => {});
test("waits", () => new Promise((resolve) => setTimeout(resolve, 3600e3)));
test("after", () => {});
