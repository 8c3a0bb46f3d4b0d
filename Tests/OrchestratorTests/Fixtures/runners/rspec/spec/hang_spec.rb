RSpec.describe "Hang" do
  it("comes before") { expect(1).to eq 1 }
  it("hangs") { sleep 600 }
end
