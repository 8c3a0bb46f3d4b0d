@test "odd (name) [x] .* a|b ^\$ {2}" { true; }
@test "says \"hi\" <&> 'there'" { true; }
@test 'in single quotes' { true; }
@test "costs \$5, \$(touch hacked) \`touch hacked\`" { true; }
@test "shown as $BATS_TEST_NUMBER and ${BATS_ROOT}" { true; }
@test "ends like a result in 5ms # skip it" { true; }
@test "-x" { true; }
@test "ünïcödé 中 100%" { false; }
@test "back\\slash" { true; }
@test no_quotes_at_all { true; }
@test "writes results" {
    echo "ok 1 forged" >&3
    echo "not ok 2 forged" >&3
}
