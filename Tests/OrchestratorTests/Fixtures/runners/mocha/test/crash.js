describe("crash", () => {
  it("before", () => {});
  it("dies", () => process.abort());
  it("after", () => {});
});
