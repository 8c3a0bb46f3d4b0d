#[test]
fn broken() {
    not_defined_anywhere();
}
