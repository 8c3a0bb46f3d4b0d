describe("calc", () => it("adds", () => {}));
