extension CITemplate {
    /// One file.
    static let travisCI = CITemplate(
        nextStep:
            "set the repository's environment variables DTCI_URL, DTCI_SHA256 and DTCI_FORGE_TOKEN, a token of the "
            + "forge, without display in the log"
    ) { shape in
        [File(path: ".travis.yml", sample: "\(shape.name).yml", text: TravisTemplate(shape: shape).text)]
    }
}

/// The text for Travis CI, whose phases share one shell: neither `exec` nor `set -e` nor `exit` may be in it.
private struct TravisTemplate {
    let shape: PipelineShape

    private var layout: ResultsLayout { shape.layout }

    var text: String {
        """
        # Runs the tests with dt-ci. Builds of forks get no secret variables; the verdict is the build's either way.
        # All phases of a job share one shell, which Travis needs to the end: hence no exec. It sends no signals either.
        os: linux
        dist: jammy
        language: minimal

        env:
          global:
            # dt-ci ends before Travis ends the job after 50 minutes, so that what it has is kept.
            - DTCI_TIMEOUT=40m
            # The cache takes directories.
            - DTCI_HISTORY=\(layout.historyURL)\(variables)

        # Found by branch, the default branch's else.
        cache:
          directories:
            - \(layout.historyDirectory)

        before_install:
          - |
            (
              set -eu
              \(TemplateShell.install(into: layout.tools, after: []).indented(6))
            )
          - export PATH="$PWD/\(layout.tools):$PATH"
          \(TemplateShell.preparation)

        \(shape.isParallel ? parallel : oneJob)
        """
    }

    private var variables: String {
        shape.binaryVariables.map { "\n    - \($0.name)=\"\($0.value)\"" }.joined()
    }

    private var oneJob: String {
        """
        script:
          - dt-ci run

        """
    }

    /// A stage begins only where all jobs of the one before passed.
    private var parallel: String {
        """
        # Travis begins a stage only if every job of the one before passed; so the tests' jobs pass whatever their tests
        # do, and the verdict's job knows. One thing Travis cannot do: after a job that it ended itself (time limit,
        # cancelled, lost machine) there is no verdict; the build is red, but no comment says why.
        jobs:
          include:
            - stage: plan
              script:
                - dt-ci plan --nodes \(shape.nodes) --save \(layout.plan)
              workspaces:
                create:
                  name: dt-ci-plan
                  paths: [\(layout.plan)]
        \((0..<shape.nodes).map(node).joined())\
            - stage: verdict
              script:
                - dt-ci merge --expect \(shape.nodes)
              workspaces:
                use: [\((0..<shape.nodes).map { "dt-ci-bundle-\($0)" }.joined(separator: ", "))]

        """
    }

    private func node(_ index: Int) -> String {
        """
            - stage: tests
              name: Tests, node \(index)
              env: DTCI_NODE=\(index)/\(shape.nodes)
              cache: false
              script:
                - dt-ci run --plan \(layout.plan) || echo "exit code $?, for the verdict"
              workspaces:
                use: dt-ci-plan
                create:
                  name: dt-ci-bundle-\(index)
                  paths: [\(layout.bundles)]

        """
    }
}
