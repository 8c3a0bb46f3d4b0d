#[test]
fn a_before() {}

#[test]
fn b_waits() {
    std::thread::sleep(std::time::Duration::from_secs(3600));
}
