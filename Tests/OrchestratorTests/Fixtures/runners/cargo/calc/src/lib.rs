/// Adds.
///
/// ```
/// assert_eq!(calc::add(1, 2), 3);
/// ```
pub fn add(a: i32, b: i32) -> i32 {
    a + b
}

#[cfg(test)]
mod tests {
    #[test]
    fn adds() {
        assert_eq!(super::add(1, 2), 3);
    }

    #[test]
    fn adds_more() {}

    #[test]
    fn wrong() {
        println!("printed <before> ::error::");
        assert_eq!(super::add(1, 2), 4, "arithmetic is broken");
    }

    #[test]
    #[ignore = "not here"]
    fn skipped() {}

    #[test]
    #[should_panic(expected = "by design")]
    fn panics() {
        panic!("by design");
    }

    mod r#type {
        #[test]
        fn r#match() {}

        #[test]
        fn größe() {}
    }
}
