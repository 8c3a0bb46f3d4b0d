extension CITemplate {
    /// One file.
    static let circleCI = CITemplate(
        nextStep: "set the project's environment variables DTCI_URL, DTCI_SHA256 and DTCI_FORGE_TOKEN, a token of the "
            + "forge"
    ) { shape in
        [File(path: ".circleci/config.yml", sample: "\(shape.name).yml", text: CircleCITemplate(shape: shape).text)]
    }
}

/// The text for CircleCI.
private struct CircleCITemplate {
    let shape: PipelineShape

    private var layout: ResultsLayout { shape.layout }

    var text: String {
        """
        # Runs the tests with dt-ci. Builds of forks get no variables unless the project's settings say so; their results
        # are in the test tab and the artifacts either way.
        version: 2.1

        executors:
          tests:
            docker:
              # The image with what your tests need.
              - image: cimg/base:2024.12
            environment:
              # dt-ci ends before its job does, so that what it has is kept.
              DTCI_TIMEOUT: \(TemplateShell.runLimit)\(variables)

        commands:
          fetch:
            description: Fetches dt-ci where it is not installed
            steps:
              - run:
                  name: Fetch dt-ci
                  command: |
                    \(install.indented(12))
          bring-history:
            description: Brings what past runs taught, this branch's or the default branch's
            steps:
              - restore_cache:
                  keys:
                    - dt-ci-history-{{ .Branch }}-
                    - dt-ci-history-main-
                    - dt-ci-history-
          keep-results:
            description: Keeps the results and what they taught; whether the tests passed or not
            steps:
              - save_cache:
                  # Caches are never rewritten.
                  key: dt-ci-history-{{ .Branch }}-{{ .Revision }}-{{ epoch }}
                  paths: [\(layout.history)]
                  when: always
              - store_test_results:
                  path: \(layout.junit)
              - store_artifacts:
                  path: \(layout.junit)
              - store_artifacts:
                  path: \(layout.results)

        jobs:
        \(shape.isParallel ? parallelJobs : oneJob)
        """
    }

    private var variables: String {
        shape.binaryVariables.map { "\n      \($0.name): \"\($0.value)\"" }.joined()
    }

    private var install: String {
        TemplateShell.install(
            into: layout.tools, after: ["echo \"export PATH='$PWD/\(layout.tools)':\\$PATH\" >>\"$BASH_ENV\""])
    }

    private var oneJob: String {
        """
          tests:
            executor: tests
            steps:
              - checkout
              - fetch
              - bring-history
              \(TemplateShell.preparation)
              - run:
                  name: Tests
                  no_output_timeout: \(TemplateShell.jobMinutes)m
                  # exec: signals reach dt-ci itself.
                  command: exec dt-ci run
              - keep-results

        workflows:
          dt-ci:
            jobs: [tests]

        """
    }

    private var parallelJobs: String {
        """
          plan:
            executor: tests
            steps:
              - checkout
              - fetch
              - bring-history
              \(TemplateShell.preparation)
              - run:
                  name: Plan
                  command: exec dt-ci plan --nodes \(shape.nodes) --save \(layout.plan)
              - persist_to_workspace:
                  root: .
                  paths: [\(layout.plan)]
          tests:
            executor: tests
            parallelism: \(shape.nodes)
            steps:
              - checkout
              - fetch
              - attach_workspace:
                  at: .
              \(TemplateShell.preparation)
              # A step that fails would keep the next one from handing the bundle on: the exit code waits for the last.
              # Index and total are CIRCLE_NODE_INDEX and CIRCLE_NODE_TOTAL.
              - run:
                  name: Tests
                  no_output_timeout: \(TemplateShell.jobMinutes)m
                  command: |
                    mkdir -p \(layout.bundles)
                    dt-ci run --node auto --plan \(layout.plan) || code=$?
                    echo "${code:-0}" >\(layout.root)/exit-code
              - persist_to_workspace:
                  root: .
                  paths: [\(layout.bundles)]
              - run:
                  name: Exit code of the tests
                  command: exit "$(cat \(layout.root)/exit-code)"
          verdict:
            executor: tests
            steps:
              - checkout
              - fetch
              - bring-history
              - attach_workspace:
                  at: .
              - run:
                  name: Verdict
                  command: exec dt-ci merge --expect \(shape.nodes)
              - keep-results

        workflows:
          dt-ci:
            jobs:
              - plan
              - tests:
                  requires: [plan]
              # Runs after red, cancelled and timed-out jobs too: what a missing node had to run is lost by name.
              - verdict:
                  requires:
                    - tests: terminal

        """
    }
}
