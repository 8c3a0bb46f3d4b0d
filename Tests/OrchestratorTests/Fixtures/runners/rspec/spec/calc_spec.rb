RSpec.describe "Calc" do
  it("adds") { expect(1 + 1).to eq 2 }
  it("fails") { expect(1 + 1).to eq(3), "arithmetic is broken" }
  it("raises") { raise "boom" }
  it("is pending")
  xit("is skipped") { expect(1).to eq 1 }
  context "nested" do
    it("has one name") { expect(true).to be true }
    it("has one name") { expect(true).to be true }
  end
end
