/// What the end of a runner's process means.
package enum ExitReading: Sendable, Hashable {
    /// The reports are the whole truth, failures included.
    case completed
    /// The selection held no tests.
    case nothingCollected
    /// The runner could not load the tests; never retried. The runner's own words.
    case collectionFailed(String)
    /// The code under test did not build; never retried. The runner's own words.
    case buildFailed(String)
    /// The runner refused its arguments or configuration.
    case misused(String)
    /// It died in the middle: reports may be missing or partial.
    case crashed(String)
}
