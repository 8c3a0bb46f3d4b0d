extension CITemplate {
    /// One file.
    static let circleCI = CITemplate(
        nextStep: "set the project's environment variables DTCI_URL, DTCI_SHA256 and DTCI_FORGE_TOKEN, a token of the "
            + "forge"
    ) { shape in
        let template = CircleCITemplate(shape: shape)
        let pipeline = File(path: ".circleci/config.yml", sample: "\(shape.name).yml", text: template.text)
        guard shape.isAuto else { return [pipeline] }
        return [
            File(path: ".circleci/config.yml", sample: "auto.yml", text: template.setup),
            File(path: ".circleci/tests.yml", sample: "auto-tests.yml", text: template.text),
        ]
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

        \(shape.isAuto ? parameters : "")\
        \(shared)\
        jobs:
        \(shape.isAuto ? nodeJobs : shape.isParallel ? parallelJobs : oneJob)
        """
    }

    /// Declared here, said by the plan.
    private var parameters: String {
        """
        parameters:
          dt-ci-nodes: {type: integer, default: 1}
          dt-ci-class: {type: string, default: medium}


        """
    }

    /// The pipeline's first part: it plans and hands the number of nodes to the second. The two have no workspace in
    /// common, so the plan goes through a cache of this pipeline's.
    var setup: String {
        """
        # Plans the tests with dt-ci; .circleci/tests.yml runs them. Switch on "dynamic config" in the project's settings.
        version: 2.1
        setup: true

        orbs:
          continuation: circleci/continuation@1.0.0

        \(shared)\
        jobs:
          plan:
            executor: tests
            steps:
              - checkout
              - fetch
              - bring-history
              \(TemplateShell.preparation)
              - run:
                  name: Plan
                  command: exec dt-ci \(shape.planning(.circleCIParameters, to: "\(layout.root)/nodes.json"))
              - save_cache:
                  key: dt-ci-plan-<< pipeline.id >>
                  paths: [\(layout.plan)]
              - continuation/continue:
                  configuration_path: .circleci/tests.yml
                  parameters: \(layout.root)/nodes.json

        workflows:
          dt-ci:
            jobs: [plan]

        """
    }

    private var shared: String {
        """
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
                  command: exec dt-ci \(shape.planning(.circleCIParameters, to: ""))
              - persist_to_workspace:
                  root: .
                  paths: [\(layout.plan)]
        \(nodes(parallelism: "\(shape.nodes)", takesPlan: "- attach_workspace:\n    at: ."))
        \(verdict(of: "\(shape.nodes)"))
        workflows:
          dt-ci:
            jobs:
              - plan
              - tests:
                  requires: [plan]
        \(verdictInWorkflow)
        """
    }

    private var nodeJobs: String {
        """
        \(nodes(
            parallelism: "<< pipeline.parameters.dt-ci-nodes >>",
            takesPlan: "- restore_cache:\n    keys: [dt-ci-plan-<< pipeline.id >>]"))
        \(verdict(of: "<< pipeline.parameters.dt-ci-nodes >>"))
        workflows:
          dt-ci:
            jobs:
              - tests
        \(verdictInWorkflow)
        """
    }

    private func nodes(parallelism: String, takesPlan: String) -> String {
        """
          tests:
            executor: tests
        \(shape.isAuto ? "    resource_class: << pipeline.parameters.dt-ci-class >>\n" : "")\
            parallelism: \(parallelism)
            steps:
              - checkout
              - fetch
              \(takesPlan.indented(6))
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
        """
    }

    private func verdict(of count: String) -> String {
        """
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
                  command: exec dt-ci merge --expect \(count)
              - keep-results

        """
    }

    private var verdictInWorkflow: String {
        """
              # Runs after red, cancelled and timed-out jobs too: what a missing node had to run is lost by name.
              - verdict:
                  requires:
                    - tests: terminal

        """
    }
}
