const test = require("node:test");
const assert = require("node:assert");

test("adds", () => assert.strictEqual(1 + 2, 3));
test("wrong", () => assert.strictEqual(1 + 2, 4, "arithmetic is broken"));
test("skipped", { skip: "not here" }, () => {});
test.todo("later");
test.describe("group", () => {
  test.it("adds", () => {});
  test.describe("deep", () => test.it("deepest", () => {}));
});
test("table", async (t) => {
  await t.test("row one", () => {});
  await t.test("row two", () => {});
});
