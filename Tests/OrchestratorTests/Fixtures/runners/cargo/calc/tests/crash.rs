#[test]
fn a_before() {}

#[test]
fn b_dies() {
    while std::env::var_os("NEVER").is_some() {}
    std::thread::sleep(std::time::Duration::from_millis(300));
    std::process::abort();
}
