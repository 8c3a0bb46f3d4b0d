@test "one" { true; }
@test "one" { true; }
