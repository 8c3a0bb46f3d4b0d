extension CITemplate {
    /// One file: jobs that share their beginning through a hidden job.
    static let gitLabCI = CITemplate(
        homeForges: ["gitlab"],
        nextStep: "set the CI/CD variables DTCI_URL and DTCI_SHA256, and DTCI_FORGE_TOKEN (masked) to a token with the "
            + "scope api: a job's own token may not comment",
        mostNodes: 200
    ) { shape in
        let template = GitLabTemplate(shape: shape)
        let pipeline = File(path: ".gitlab-ci.yml", sample: "\(shape.name).yml", text: template.text)
        return shape.isAuto
            ? [pipeline, File(path: GitLabTemplate.base, sample: "auto-base.yml", text: template.shared)] : [pipeline]
    }
}

/// The text for GitLab CI.
private struct GitLabTemplate {
    let shape: PipelineShape

    /// Where the shared part of the shape with as many nodes as are best is.
    static let base = ".gitlab/dt-ci.yml"

    private var layout: ResultsLayout { shape.layout }

    var text: String {
        """
        # Runs the tests with dt-ci, in merge requests and on branches without one. A fork's merge request runs in the
        # fork, with the fork's variables; the results are in the job's artifacts either way.
        workflow:
          rules:
            - if: $CI_PIPELINE_SOURCE == "merge_request_event"
            - if: $CI_COMMIT_BRANCH && $CI_OPEN_MERGE_REQUESTS
              when: never
            - if: $CI_COMMIT_BRANCH || $CI_COMMIT_TAG

        \(stages)\
        \(shape.isAuto ? include : hiddenJobs)\
        \(shape.isAuto ? autoJobs : shape.isParallel ? parallelJobs : oneJob)
        """
    }

    /// A file of its own, since the child pipeline's jobs extend the same ones.
    var shared: String {
        """
        # What the jobs of dt-ci share, in this pipeline and in the one that dt-ci makes of its plan.
        \(hiddenJobs.dropLast())
        """
    }

    private var stages: String {
        shape.isAuto ? "stages: [plan, test]\n\n" : shape.isParallel ? "stages: [plan, test, verdict]\n\n" : ""
    }

    private var include: String { "include:\n  - local: \(Self.base)\n\n" }

    private var hiddenJobs: String {
        """
        .dt-ci:
          timeout: \(TemplateShell.jobMinutes) minutes
          variables:
            # dt-ci ends before its job does, so that what it has is kept.
            DTCI_TIMEOUT: \(TemplateShell.runLimit)\(variables)
          before_script:
            - |
              \(TemplateShell.install(layout).indented(6))

        .dt-ci-history:
          cache:
            # Each branch has its own and begins with the default branch's. Protected branches' caches are GitLab's own
            # business: others cannot write them.
            key: dt-ci-$CI_COMMIT_REF_SLUG
            fallback_keys: [dt-ci-$CI_DEFAULT_BRANCH]
            paths: [\(layout.history)]
            when: always

        .dt-ci-results:
          artifacts:
            when: always
            expire_in: 1 week
            paths: [\(layout.junit), \(layout.results)]
            reports:
              junit: \(layout.junit)
              codequality: \(layout.root)/gl-code-quality-report.json


        """
    }

    private var autoJobs: String {
        let jobs = "\(layout.root)/nodes.yml"
        return """
            plan:
              stage: plan
              extends: [.dt-ci, .dt-ci-history]
              cache:
                policy: pull
              script:
                \(TemplateShell.preparation)
                - exec dt-ci \(shape.planning(.gitLabPipeline, to: jobs)) --output-include \(Self.base)
              artifacts:
                expire_in: 1 week
                paths: [\(layout.plan), \(jobs)]

            # The pipeline that dt-ci made: a job for each node, and the verdict.
            tests:
              stage: test
              needs: [plan]
              variables:
                PARENT_PIPELINE_ID: $CI_PIPELINE_ID
              trigger:
                include:
                  - artifact: \(jobs)
                    job: plan
                strategy: depend

            """
    }

    private var variables: String {
        shape.binaryVariables.map { "\n    \($0.name): \"\($0.value)\"" }.joined()
    }

    private var oneJob: String {
        """
        tests:
          extends: [.dt-ci, .dt-ci-history, .dt-ci-results]
          script:
            \(TemplateShell.preparation)
            # exec: signals reach dt-ci itself.
            - exec dt-ci run

        """
    }

    private var parallelJobs: String {
        """
        plan:
          stage: plan
          extends: [.dt-ci, .dt-ci-history]
          cache:
            policy: pull
          script:
            \(TemplateShell.preparation)
            - exec dt-ci plan --nodes \(shape.nodes) --save \(layout.plan)
          artifacts:
            expire_in: 1 week
            paths: [\(layout.plan)]

        tests:
          stage: test
          extends: .dt-ci
          needs: [plan]
          parallel: \(shape.nodes)
          script:
            \(TemplateShell.preparation)
            # exec: signals reach dt-ci itself. Index and total are CI_NODE_INDEX and CI_NODE_TOTAL.
            - exec dt-ci run --node auto --plan \(layout.plan)
          artifacts:
            when: always
            expire_in: 1 week
            paths: [\(layout.bundles)/]

        # Runs after red, cancelled and timed-out jobs too: what a missing node had to run is lost by name.
        verdict:
          stage: verdict
          extends: [.dt-ci, .dt-ci-history, .dt-ci-results]
          timeout: 15 minutes
          needs: [plan, tests]
          when: always
          script:
            - exec dt-ci merge --expect \(shape.nodes)

        """
    }
}
