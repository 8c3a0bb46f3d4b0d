RSpec.describe "Other" do
  before(:all) { @ready = true }

  [1, 2].each do |number|
    it("row #{number}") { expect(@ready).to be true }
  end
end
