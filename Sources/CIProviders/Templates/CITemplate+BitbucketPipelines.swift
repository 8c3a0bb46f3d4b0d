extension CITemplate {
    /// One file.
    static let bitbucketPipelines = CITemplate(
        homeForges: ["bitbucket"],
        nextStep:
            "set the repository's variables DTCI_URL and DTCI_SHA256, and DTCI_FORGE_TOKEN (secured) to an access "
            + "token that may write pull requests",
        // A pipeline has at most 100 steps.
        mostNodes: 98
    ) { shape in
        [File(path: "bitbucket-pipelines.yml", sample: "\(shape.name).yml", text: BitbucketTemplate(shape: shape).text)]
    }
}

/// The text for Bitbucket Pipelines.
private struct BitbucketTemplate {
    let shape: PipelineShape

    private var layout: ResultsLayout { shape.layout }

    var text: String {
        """
        # Runs the tests with dt-ci, in pull requests and on the main branch. A fork's pull request runs in the fork, with
        # the fork's variables.
        # The image with what your tests need.
        image: atlassian/default-image:4

        options:
          max-time: \(TemplateShell.jobMinutes)

        definitions:
          caches:
            # Bitbucket keeps a cache for a week before it takes a new one, and only from steps that passed.
            dt-ci-history: \(layout.historyDirectory)

        pipelines:
          pull-requests:
            "**":
        \(shape.isParallel ? parallel : oneJob)
          branches:
            "{main,master}":
        \(shape.isParallel ? parallelAgain : "      - step: *tests\n")
        """
    }

    /// Beginning of every step's script.
    private func fetch(isFirst: Bool) -> String {
        guard isFirst else { return "- *fetch" }
        let exports =
            [
                "# dt-ci ends before its step does, so that what it has is kept.",
                "export DTCI_TIMEOUT=\(TemplateShell.runLimit) DTCI_HISTORY=\(layout.historyURL)",
            ] + shape.binaryVariables.map { "export \($0.name)='\($0.value)'" }
        let lines = exports.joined(separator: "\n") + "\n" + TemplateShell.install(layout)
        return "- &fetch |\n  \(lines.indented(2))"
    }

    /// Bitbucket reads reports in directories of this name, whatever the step's end.
    private var results: String {
        """
        after-script:
          - mkdir -p test-results
          - cp \(layout.junit) test-results/dt-ci.xml || true
        artifacts: [\(layout.junit), \(layout.results)]
        """
    }

    private var oneJob: String {
        """
              - step: &tests
                  name: Tests
                  caches: [dt-ci-history]
                  script:
                    \(fetch(isFirst: true).indented(12))
                    \(TemplateShell.preparation)
                    # exec: signals reach dt-ci itself.
                    - exec dt-ci run
                  \(results.indented(10))

        """
    }

    private var parallel: String {
        """
              - step: &plan
                  name: Plan
                  caches: [dt-ci-history]
                  script:
                    \(fetch(isFirst: true).indented(12))
                    \(TemplateShell.preparation)
                    - exec dt-ci \(shape.planning(.bitbucketIndexFiles, to: nodes))
                  artifacts: [\(layout.plan)\(shape.isAuto ? ", \"\(nodes)/**\"" : "")]
              - parallel: &tests
                  # Without fail-fast, which would end the other nodes.
                  steps:
                    - step: &node
                        name: Tests
                        script:
                          - *fetch
                          \(TemplateShell.preparation)
                          # A step that fails would end the pipeline without a verdict: that is the last step's, which
                          # knows what failed and what is missing. Index and total are BITBUCKET_PARALLEL_STEP and
                          # BITBUCKET_PARALLEL_STEP_COUNT.
                          \(runNode.indented(18))
                        artifacts: ["\(layout.bundles)/**"]
        \(Array(repeating: "            - step: *node\n", count: shape.nodes - 1).joined())\
              - step: &verdict
                  name: Verdict
                  caches: [dt-ci-history]
                  script:
                    - *fetch
                    - exec dt-ci merge --expect \(shape.isAuto ? "\"$(ls \(nodes) | wc -l)\"" : "\(shape.nodes)")
                  \(results.indented(10))

        """
    }

    /// A file for each node that the plan has.
    private var nodes: String { "\(layout.root)/nodes" }

    private var runNode: String {
        let end = "--plan \(layout.plan) || echo \"exit code $?, for the verdict\""
        guard shape.isAuto else { return "- dt-ci run --node auto \(end)" }
        let file = "\(nodes)/$BITBUCKET_PARALLEL_STEP"
        return """
            # So many steps are in this file; the plan may need fewer.
            - test -f "\(file)" || exit 0
            - dt-ci run --node "$(cat "\(file)")" \(end)
            """
    }

    private var parallelAgain: String {
        """
              - step: *plan
              - parallel: *tests
              - step: *verdict

        """
    }
}
