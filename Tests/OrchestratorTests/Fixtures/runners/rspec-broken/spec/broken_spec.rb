RSpec.describe "Broken" do
  method_that_is_not_there
end
