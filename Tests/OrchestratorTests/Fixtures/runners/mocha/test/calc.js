const assert = require("assert");

describe("calc", () => {
  it("adds", () => assert.strictEqual(1 + 2, 3));
  it("wrong", () => assert.strictEqual(1 + 2, 4, "arithmetic is broken"));
  it.skip("skipped", () => {});
  it("pending");
  describe("deep", () => it("adds", () => {}));
});
it("top", () => {});
