extension NodeOutput {
    /// A file for each node that the plan has, called after its index: Bitbucket's parallel steps are as many as the file
    /// says, and one without a file of its own has nothing to do.
    static let bitbucketIndexFiles = NodeOutput(
        name: "bitbucket", mostNodes: 98, hasOneClass: true, isFixed: true,
        use: "in each parallel step: test -f DIRECTORY/$BITBUCKET_PARALLEL_STEP || exit 0, then "
            + "--node \"$(cat DIRECTORY/$BITBUCKET_PARALLEL_STEP)\""
    ) { jobs in
        .files(jobs.jobs.map { Rendering.File(name: String($0.index), text: $0.node + "\n") })
    }

    /// Parameters of the build, which builds that depend on it read as `%dep.ID.dtci.nodes%`.
    static let teamCityParameters = NodeOutput(
        name: "teamcity", hasOneClass: true, isFixed: true,
        use: "in each of a fixed number of builds: the condition that %dep.Plan.dtci.nodes% is more than its index",
        channel: .log { jobs in ["##teamcity[setParameter name='dtci.nodes' value='\(jobs.jobs.count)']"] }
    ) { jobs in
        .document("dtci.nodes=\(jobs.jobs.count)\n")
    }
}
