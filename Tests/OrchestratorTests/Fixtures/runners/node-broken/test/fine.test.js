require("node:test")("fine", () => {});
