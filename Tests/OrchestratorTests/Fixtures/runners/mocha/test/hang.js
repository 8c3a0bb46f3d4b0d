describe("hang", () => {
  it("before", () => {});
  it("waits", function (done) { this.timeout(0); setTimeout(done, 3600e3); });
  it("after", () => {});
});
