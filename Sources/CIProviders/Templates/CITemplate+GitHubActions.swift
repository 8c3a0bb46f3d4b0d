extension CITemplate {
    /// A composite action, a workflow that can also be called, and one that reports for forks.
    static let gitHubActions = CITemplate(
        homeForges: ["github"],
        nextStep: "set the variables DTCI_URL and DTCI_SHA256; builds of forks see none: for them use init --url and "
            + "--sha256"
    ) { shape in
        let template = GitHubActionsTemplate(shape: shape)
        return [
            File(path: ".github/actions/dt-ci/action.yml", sample: "action.yml", text: template.action),
            File(path: ".github/workflows/dt-ci.yml", sample: "\(shape.name).yml", text: template.workflow),
            File(path: ".github/workflows/dt-ci-forks.yml", sample: "forks.yml", text: template.forks),
        ]
    }
}

/// The texts for GitHub Actions.
private struct GitHubActionsTemplate {
    let shape: PipelineShape

    private var layout: ResultsLayout { shape.layout }
    private var url: String { shape.binary?.url ?? "${{ vars.DTCI_URL }}" }
    private var sha256: String { shape.binary?.sha256 ?? "${{ vars.DTCI_SHA256 }}" }
    private let checkout = "actions/checkout@08c6903cd8c0fde910a37f88322edcfb5dd907a8 # v5.0.0"
    private let download = "actions/download-artifact@d3f86a106a0bac45b974a628896c90dbdf5c8093 # v4.3.0"
    private let upload = "actions/upload-artifact@ea165f8d65b6e75b540449e92b4886f43607fa02 # v4.6.2"
    private let cacheVersion = "5a3ec84eff668545956fd18022155c47e93e2684 # v4.2.3"

    private var install: String {
        TemplateShell.install(
            into: "$RUNNER_TEMP/dt-ci", after: ["echo \"$RUNNER_TEMP/dt-ci\" >>\"$GITHUB_PATH\""])
    }

    var action: String {
        """
        # Runs dt-ci: fetches it where it is not installed, brings what past runs taught, keeps what this one leaves.
        name: dt-ci
        description: Runs dt-ci and keeps its results and what it learned
        inputs:
          arguments:
            description: What dt-ci is to do
            default: run
          url:
            description: Where the dt-ci binary is, plain or .xz; not needed where dt-ci is on the PATH
            default: ""
          sha256:
            description: The SHA-256 of what the URL gives
            default: ""
          token:
            description: Posts the check and the comment; without it nothing is posted to the pull request
            default: ""
          history:
            description: "What becomes of the history: keep, read or none"
            default: keep
          artifact:
            description: The artifact's name
            default: dt-ci-results
          files:
            description: What is uploaded as the artifact
            default: |
              \(layout.junit)
              \(layout.results)
        outputs:
          matrix:
            description: What `plan --output github-matrix --output-to service` found, for strategy.matrix
            value: ${{ steps.dt-ci.outputs.matrix }}
          nodes:
            description: How many nodes that has
            value: ${{ steps.dt-ci.outputs.nodes }}
        runs:
          using: composite
          steps:
            # A cache is found by its own branch, the pull request's target and the default branch, in this order.
            - name: Bring the history
              if: inputs.history != 'none'
              uses: actions/cache/restore@\(cacheVersion)
              with:
                path: \(layout.history)
                key: dt-ci-history-${{ runner.os }}-${{ github.run_id }}-${{ github.run_attempt }}
                restore-keys: dt-ci-history-${{ runner.os }}-
            - name: Fetch dt-ci
              shell: bash
              env:
                DTCI_URL: ${{ inputs.url }}
                DTCI_SHA256: ${{ inputs.sha256 }}
              run: |
                \(install.indented(8))
            # exec: a cancelled job's signals reach dt-ci itself, which then ends its tests and keeps their results.
            - name: dt-ci
              id: dt-ci
              shell: bash
              env:
                ARGUMENTS: ${{ inputs.arguments }}
                GITHUB_TOKEN: ${{ inputs.token }}
              run: |
                # shellcheck disable=SC2086
                exec dt-ci $ARGUMENTS
            - name: Keep the history
              if: always() && inputs.history == 'keep'
              uses: actions/cache/save@\(cacheVersion)
              with:
                path: \(layout.history)
                key: dt-ci-history-${{ runner.os }}-${{ github.run_id }}-${{ github.run_attempt }}
            - name: Keep the results
              if: always()
              uses: \(upload)
              with:
                name: ${{ inputs.artifact }}
                path: ${{ inputs.files }}
                include-hidden-files: true
                if-no-files-found: ignore
                overwrite: true

        """
    }

    var workflow: String {
        """
        # Runs the tests with dt-ci. Other workflows may call it: `uses: ./.github/workflows/dt-ci.yml`
        name: dt-ci
        on:
          push:
            branches: [main, master]
          pull_request:
          merge_group:
          workflow_call:
            inputs:
              runs-on:
                description: The label of the runners
                type: string
                default: ubuntu-latest
        permissions: {}
        env:
          # dt-ci ends before its job does, so that what it has is kept.
          DTCI_TIMEOUT: \(TemplateShell.runLimit)
        jobs:
        \(shape.isParallel ? parallelJobs : oneJob)
        """
    }

    private var oneJob: String {
        """
          tests:
            runs-on: ${{ inputs.runs-on || 'ubuntu-latest' }}
            timeout-minutes: \(TemplateShell.jobMinutes)
        \(reportingPermissions)
            steps:
        \(checkoutSteps(prepares: true))
              - uses: ./.github/actions/dt-ci
                with:
        \(binaryInputs)
                  token: ${{ github.token }}

        """
    }

    private var parallelJobs: String {
        """
          plan:
            runs-on: ${{ inputs.runs-on || 'ubuntu-latest' }}
            timeout-minutes: \(TemplateShell.jobMinutes)
            permissions:
              contents: read
        \(planOutputs)\
            steps:
        \(checkoutSteps(prepares: true))
              - uses: ./.github/actions/dt-ci
        \(shape.isAuto ? "        id: plan\n" : "")\
                with:
        \(binaryInputs)
                  arguments: \(shape.planning(.gitHubMatrix, to: "service"))
                  history: read
                  artifact: dt-ci-plan
                  files: \(layout.plan)
          tests:
            needs: plan
            runs-on: ${{ \(shape.isAuto ? "matrix.runs-on" : "inputs.runs-on || 'ubuntu-latest'") }}
            timeout-minutes: \(TemplateShell.jobMinutes)
            permissions:
              contents: read
            strategy:
              fail-fast: false
        \(matrix)
            steps:
        \(checkoutSteps(prepares: true))
              - uses: \(download)
                with:
                  name: dt-ci-plan
                  path: \(layout.root)
              - uses: ./.github/actions/dt-ci
                with:
        \(binaryInputs)
                  arguments: run --node \(shape.isAuto ? "${{ matrix.node }}" : "${{ strategy.job-index }}/${{ strategy.job-total }}") --plan \(layout.plan)
                  history: none
                  artifact: dt-ci-bundle-${{ strategy.job-index }}
                  files: \(layout.bundles)
          # Runs after red, cancelled and timed-out jobs too: what a missing node had to run is lost by name, and a
          # verdict that was announced is never left pending.
          verdict:
            needs: [plan, tests]
            if: ${{ always() }}
            runs-on: ${{ inputs.runs-on || 'ubuntu-latest' }}
            timeout-minutes: 15
        \(reportingPermissions)
            steps:
        \(checkoutSteps(prepares: false))
              - uses: \(download)
                with:
                  pattern: dt-ci-bundle-*
                  path: \(layout.bundles)
                  merge-multiple: true
              - uses: ./.github/actions/dt-ci
                with:
        \(binaryInputs)
                  arguments: merge --expect \(shape.isAuto ? "${{ needs.plan.outputs.nodes }}" : "\(shape.nodes)")
                  token: ${{ github.token }}

        """
    }

    private var planOutputs: String {
        guard shape.isAuto else { return "" }
        return """
                outputs:
                  matrix: ${{ steps.plan.outputs.matrix }}
                  nodes: ${{ steps.plan.outputs.nodes }}

            """
    }

    private var matrix: String {
        shape.isAuto
            ? "      matrix: ${{ fromJSON(needs.plan.outputs.matrix) }}"
            : """
                  matrix:
                    node: [\((0..<shape.nodes).map(String.init).joined(separator: ", "))]
            """
    }

    private var reportingPermissions: String {
        """
            permissions:
              contents: read
              # The verdict on the commit, with the failures on their lines.
              checks: write
              # The comment.
              pull-requests: write
        """
    }

    private func checkoutSteps(prepares: Bool) -> String {
        """
              - uses: \(checkout)
                with:
                  persist-credentials: false
        """ + (prepares ? "\n      \(TemplateShell.preparation)" : "")
    }

    private var binaryInputs: String {
        """
                  url: \(url)
                  sha256: \(sha256)
        """
    }

    /// A fork's pull request gets a token that may only read; its results are posted by a run of the base repository.
    var forks: String {
        """
        # Posts the results of pull requests from forks, whose own runs may not. It runs in this repository, with a token
        # that may write; so it neither checks out nor runs anything of the fork: all it takes is the results file.
        name: dt-ci for forks
        on:
          workflow_run:
            workflows: [dt-ci]
            types: [completed]
        permissions: {}
        jobs:
          report:
            # Runs of this repository's own branches have posted already; Dependabot's have a fork's token.
            if: >-
              github.event.workflow_run.event == 'pull_request' &&
              (github.event.workflow_run.head_repository.full_name != github.repository ||
              github.event.workflow_run.actor.login == 'dependabot[bot]')
            runs-on: ubuntu-latest
            timeout-minutes: 15
            permissions:
              # The other run's artifact.
              actions: read
              # The verdict on the commit, with the failures on their lines.
              checks: write
              # The comment.
              pull-requests: write
            steps:
              # Into a directory of its own: nothing in it can be taken for a configuration.
              - uses: \(download)
                with:
                  name: dt-ci-results
                  path: untrusted
                  run-id: ${{ github.event.workflow_run.id }}
                  github-token: ${{ github.token }}
              - name: Fetch dt-ci
                shell: bash
                env:
                  DTCI_URL: \(url)
                  DTCI_SHA256: \(sha256)
                run: |
                  \(install.indented(10))
              # Pull request and commit are those of the event, whatever the file says.
              - name: Post
                shell: bash
                env:
                  GITHUB_TOKEN: ${{ github.token }}
                run: exec dt-ci publish untrusted/\(layout.results.split(separator: "/").last ?? "")

        """
    }
}
