RSpec.describe "Hostile <&> \e[31m" do
  it("it's \"quoted\" $(touch hacked) `touch hacked`") { expect(1).to eq 1 }
  it("a\nb\tc \u0000 中 \xE9") { expect(1).to eq 2 }
  it("") { expect(1).to eq 1 }
end
