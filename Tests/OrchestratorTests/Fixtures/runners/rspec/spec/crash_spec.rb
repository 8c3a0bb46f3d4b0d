RSpec.describe "Crash" do
  it("comes before") { expect(1).to eq 1 }
  it("dies") { Process.kill(:KILL, Process.pid) }
  it("comes after") { expect(1).to eq 1 }
end
