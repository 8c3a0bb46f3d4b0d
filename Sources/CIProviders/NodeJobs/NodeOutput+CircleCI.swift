extension NodeOutput {
    /// Parameters for the continuation orb ("Using dynamic configuration"); the continued configuration declares them.
    static let circleCIParameters = NodeOutput(
        name: "circleci", hasOneClass: true,
        use: "continuation/continue: {configuration_path: .circleci/tests.yml, parameters: FILE}, and in tests.yml "
            + "parallelism: << pipeline.parameters.dt-ci-nodes >>"
    ) { jobs in
        .document(
            JobDocument.map([
                ("dt-ci-nodes", .number(jobs.jobs.count)),
                ("dt-ci-class", .text(jobs.jobs.first?.labels.first ?? "medium")),
            ]).json + "\n")
    }
}
