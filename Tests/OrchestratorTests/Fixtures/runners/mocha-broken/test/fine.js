it("fine", () => {});
