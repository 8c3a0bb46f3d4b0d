extension CITemplate {
    /// A pipeline, and the steps that its jobs share.
    static let azurePipelines = CITemplate(
        homeForges: ["azure-repos"],
        nextStep: "set the pipeline's variables DTCI_URL and DTCI_SHA256; for code that is not in Azure Repos also the "
            + "secret DTCI_FORGE_TOKEN"
    ) { shape in
        let template = AzureTemplate(shape: shape)
        return [
            File(path: "azure-pipelines.yml", sample: "\(shape.name).yml", text: template.pipeline),
            File(path: ".azure-pipelines/dt-ci.yml", sample: "steps.yml", text: template.steps),
        ]
    }
}

/// The texts for Azure Pipelines.
private struct AzureTemplate {
    let shape: PipelineShape

    private var layout: ResultsLayout { shape.layout }

    /// Steps with parameters. `$(NAME)` of a variable that is not set stays as it is, which is no token. The token has
    /// the forge's variable, not SYSTEM_ACCESSTOKEN: with that dt-ci would post the test run that the task posts too.
    var steps: String {
        """
        # Runs dt-ci: fetches it where it is not installed.
        parameters:
          - name: arguments
            type: string
          # Whether the step gets a token that may post.
          - name: reports
            type: boolean
            default: "false"
        steps:
          - bash: |
              set -eu
              case ${DTCI_FORGE_TOKEN:-} in '$('*) unset DTCI_FORGE_TOKEN ;; esac
              if [ "${BUILD_REPOSITORY_PROVIDER:-}" = TfsGit ]; then export DTCI_FORGE_TOKEN="${BUILD_TOKEN:-}"; fi
              unset BUILD_TOKEN
              \(TemplateShell.install(layout).indented(6))
              # exec: a cancelled job's signals reach dt-ci itself.
              exec dt-ci ${{ parameters.arguments }}
            name: dtci
            displayName: dt-ci ${{ parameters.arguments }}
            ${{ if parameters.reports }}:
              env:
                BUILD_TOKEN: $(System.AccessToken)
                DTCI_FORGE_TOKEN: $(DTCI_FORGE_TOKEN)

        """
    }

    var pipeline: String {
        """
        # Runs the tests with dt-ci. Builds of forks get no secrets unless the pipeline's settings say so; their results
        # are in the test tab and the artifacts either way.
        trigger:
          branches:
            include: [main, master]
        pr:
          branches:
            include: ["*"]
        pool:
          vmImage: ubuntu-24.04
        variables:
          # dt-ci ends before its job does, so that what it has is kept.
          DTCI_TIMEOUT: \(TemplateShell.runLimit)
          # The cache takes directories.
          DTCI_HISTORY: \(layout.historyURL)\(shape.binaryVariables.map { "\n  \($0.name): \($0.value)" }.joined())
        jobs:
        \(shape.isParallel ? parallelJobs : oneJob)
        """
    }

    private var oneJob: String {
        """
          - job: tests
            timeoutInMinutes: "\(TemplateShell.jobMinutes)"
            workspace: { clean: all }
            steps:
        \(checkout)
        \(cache)
              \(TemplateShell.preparation)
        \(run("run", reports: true))
        \(results)
        """
    }

    private var parallelJobs: String {
        """
          - job: plan
            timeoutInMinutes: "\(TemplateShell.jobMinutes)"
            workspace: { clean: all }
            steps:
        \(checkout)
        \(cache)
              \(TemplateShell.preparation)
        \(run(shape.planning(.azureMatrix, to: "service"), reports: false))
              - publish: \(layout.plan)
                artifact: dt-ci-plan-$(System.JobAttempt)
          - job: tests
            dependsOn: plan
            timeoutInMinutes: "\(TemplateShell.jobMinutes)"
            workspace: { clean: all }
        \(strategy)
            steps:
        \(checkout)
              - download: current
                patterns: dt-ci-plan-*/*
              - bash: |
                  set -eu
                  mkdir -p \(layout.root)
                  for plan in "$PIPELINE_WORKSPACE"/dt-ci-plan-*/plan.json; do cp "$plan" \(layout.plan); done
                displayName: Take the plan
              \(TemplateShell.preparation)
              # Index and total are \(shape.isAuto ? "the matrix's" : "System.JobPositionInPhase and System.TotalJobsInPhase").
        \(run("run --node \(shape.isAuto ? "$(node)" : "auto") --plan \(layout.plan)", reports: false))
              - publish: \(layout.bundles)
                artifact: dt-ci-bundle-$(System.JobPositionInPhase)-$(System.JobAttempt)
                condition: always()
          # Runs after red, cancelled and timed-out jobs too: what a missing node had to run is lost by name.
          - job: verdict
            dependsOn: [plan, tests]
            condition: always()
            timeoutInMinutes: "15"
        \(expected)\
            workspace: { clean: all }
            steps:
        \(checkout)
        \(cache)
              - download: current
                patterns: dt-ci-bundle-*/**
              - bash: |
                  set -eu
                  # A later attempt's bundle takes the place of an earlier one's.
                  for bundle in "$PIPELINE_WORKSPACE"/dt-ci-bundle-*/node-*; do
                    [ -d "$bundle" ] || continue
                    rm -rf "\(layout.bundles)/$(basename "$bundle")"
                    mkdir -p \(layout.bundles)
                    cp -R "$bundle" \(layout.bundles)/
                  done
                displayName: Take the bundles
        \(run("merge --expect \(shape.isAuto ? "$(nodes)" : "\(shape.nodes)")", reports: true))
        \(results)
        """
    }

    private var strategy: String {
        guard shape.isAuto else {
            return """
                    strategy:
                      parallel: "\(shape.nodes)"
                """
        }
        return """
                # The image is the class's first label.
                pool:
                  vmImage: $(label)
                strategy:
                  matrix: $[ dependencies.plan.outputs['dtci.matrix'] ]
            """
    }

    /// How many nodes there are, where only the plan knows it.
    private var expected: String {
        shape.isAuto ? "    variables:\n      nodes: $[ dependencies.plan.outputs['dtci.nodes'] ]\n" : ""
    }

    private var checkout: String {
        """
              - checkout: self
                persistCredentials: "false"
        """
    }

    /// Azure's caches are never rewritten, so each build's has a name of its own.
    private var cache: String {
        """
              # Found by branch, the default branch's else; saved where all steps passed.
              - task: Cache@2
                displayName: Bring the history, and keep it
                inputs:
                  key: '"dt-ci-history" | "$(Agent.OS)" | "$(Build.BuildId)"'
                  restoreKeys: '"dt-ci-history" | "$(Agent.OS)"'
                  path: \(layout.historyDirectory)
        """
    }

    private func run(_ arguments: String, reports: Bool) -> String {
        """
              - template: .azure-pipelines/dt-ci.yml
                parameters:
                  arguments: \(arguments)
                  reports: "\(reports)"
        """
    }

    private var results: String {
        """
              # It never fails the job: that is dt-ci's to say, which knows of quarantine.
              - task: PublishTestResults@2
                condition: always()
                inputs:
                  testResultsFormat: JUnit
                  testResultsFiles: \(layout.junit)
                  testRunTitle: dt-ci
              - publish: \(layout.results)
                artifact: dt-ci-results-$(System.JobAttempt)
                condition: always()

        """
    }
}
