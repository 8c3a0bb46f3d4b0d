@test "adds" {
    [ $((1 + 1)) -eq 2 ]
}

@test "fails" {
    echo "arithmetic is broken"
    [ $((1 + 1)) -eq 3 ]
}

@test "skips" {
    skip "not now"
}

written_as_a_function() { # @test
    true
}
