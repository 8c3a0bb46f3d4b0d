/// How the jobs of a run that is split over several of them are told apart on a CI service.
package struct NodeConvention: Sendable, Hashable {
    /// What to write where the service does not say which node a job is, in the words of its own configuration.
    package let advice: String
    /// Whether all jobs of a run have the run's id; where every job is a run of its own, commit and plan tell what belongs
    /// together.
    package let jobsShareRun: Bool

    init(advice: String, jobsShareRun: Bool = true) {
        self.advice = advice
        self.jobsShareRun = jobsShareRun
    }
}
