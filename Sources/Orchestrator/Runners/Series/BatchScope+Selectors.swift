extension BatchScope {
    /// Whether one of the units is this test, or the file, class or binary around it.
    func holds(_ selector: String, in container: String) -> Bool {
        units.contains { unit in
            unit.selector == selector || unit.selector == container || unit.tests?.contains(selector) == true
        }
    }
}
