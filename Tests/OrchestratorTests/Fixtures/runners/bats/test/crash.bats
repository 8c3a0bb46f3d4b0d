@test "before" { true; }
@test "dies" { kill -KILL "$PPID" "$$"; }
