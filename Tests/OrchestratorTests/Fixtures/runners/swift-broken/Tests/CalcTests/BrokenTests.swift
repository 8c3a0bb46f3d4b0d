import Testing

@Test func broken() { notDefinedAnywhere() }
