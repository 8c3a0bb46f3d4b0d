@test "before" { true; }
@test "hangs" { sleep 600; }
