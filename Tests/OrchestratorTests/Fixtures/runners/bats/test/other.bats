setup_file() {
    export READY=yes
}

@test "adds" {
    [ "$READY" = yes ]
}

@test "subtracts" {
    [ "$READY" = yes ]
}
