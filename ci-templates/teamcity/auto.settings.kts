// Runs the tests with dt-ci. Builds of pull requests need the feature `pullRequests`; let it take those of members
// only, since a build of a fork sees the configuration's parameters.
import jetbrains.buildServer.configs.kotlin.*
import jetbrains.buildServer.configs.kotlin.buildFeatures.buildCache
import jetbrains.buildServer.configs.kotlin.buildSteps.script
import jetbrains.buildServer.configs.kotlin.triggers.vcs

version = "2024.03"

project {
    params {
        // dt-ci ends before its build does, so that what it has is kept.
        param("env.DTCI_TIMEOUT", "50m")
        param("env.DTCI_HISTORY", "sqlite:.dt-ci/history/history.db")
    }

    val plan = BuildType {
        base("Plan", minutes = 60)
        artifactRules = ".dt-ci/plan.json"
        params { param("dtci.nodes", "") }
        features { history(keeps = false) }
        steps {
            // What your tests need comes here: languages, dependencies, services.
            dtci("plan --nodes auto --save .dt-ci/plan.json --output teamcity --output-to service --max-nodes 8")
        }
    }

    val tests = (0 until 8).map { index ->
        BuildType {
            base("Tests $index", minutes = 60)
            artifactRules = ".dt-ci/bundles/** => bundles"
            params { param("dtci.count", "${plan.depParamRefs["dtci.nodes"]}") }
            steps {
                // What your tests need comes here: languages, dependencies, services.
                dtci("run --node $index/%dtci.count% --plan .dt-ci/plan.json", index)
            }
            dependencies {
                dependency(plan) {
                    snapshot { onDependencyFailure = FailureAction.FAIL_TO_START }
                    artifacts { artifactRules = "plan.json => .dt-ci" }
                }
            }
        }
    }

    // Runs after red, stopped and timed-out nodes too: what a missing one had to run is lost by name.
    val verdict = BuildType {
        base("Verdict", minutes = 15)
        artifactRules = ".dt-ci/junit.xml\n.dt-ci/results.json"
        features { history(keeps = true) }
        steps { dtci("merge --expect ${plan.depParamRefs["dtci.nodes"]}") }
        triggers { vcs { } }
        dependencies {
            tests.forEach { node ->
                dependency(node) {
                    snapshot {
                        // Its failed tests are the verdict's anyway.
                        onDependencyFailure = FailureAction.IGNORE
                        onDependencyCancel = FailureAction.ADD_PROBLEM
                    }
                    artifacts { artifactRules = "?:bundles/** => .dt-ci/bundles" }
                }
            }
        }
    }

    buildType(plan)
    tests.forEach { buildType(it) }
    buildType(verdict)
}

// exec: a stopped build's signals reach dt-ci itself.
fun BuildSteps.dtci(arguments: String, index: Int = -1) {
    script {
        name = "dt-ci"
        // So many builds are in this file; the plan may need fewer.
        if (index >= 0) conditions { moreThan("dtci.count", "$index") }
        scriptContent = """
            set -eu
            if ! command -v dt-ci >/dev/null; then
              : "${'$'}{DTCI_URL:?is not set: where the dt-ci binary is, plain or .xz}"
              : "${'$'}{DTCI_SHA256:?is not set: the SHA-256 of what DTCI_URL gives}"
              mkdir -p ".dt-ci/bin"
              curl --fail --silent --show-error --location --retry 3 --output ".dt-ci/bin/download" "${'$'}DTCI_URL"
              echo "${'$'}DTCI_SHA256  .dt-ci/bin/download" | sha256sum -c --status || {
                echo "dt-ci: ${'$'}DTCI_URL is not what DTCI_SHA256 says; nothing was run" >&2
                exit 1
              }
              case ${'$'}DTCI_URL in
              *.xz) xz --decompress --stdout ".dt-ci/bin/download" >".dt-ci/bin/dt-ci" ;;
              *) mv ".dt-ci/bin/download" ".dt-ci/bin/dt-ci" ;;
              esac
              chmod +x ".dt-ci/bin/dt-ci"
              export PATH="${'$'}PWD/.dt-ci/bin:${'$'}PATH"
            fi
            exec dt-ci $arguments
        """.trimIndent()
    }
}

// Brings what past runs taught, and publishes it where this one keeps it.
fun BuildFeatures.history(keeps: Boolean) {
    buildCache {
        name = "dt-ci-history"
        use = true
        publish = keeps
        rules = ".dt-ci/history"
    }
}

// What every build has. dt-ci tells TeamCity each test itself: a report on top would count them twice.
fun BuildType.base(title: String, minutes: Int) {
    id(title.filter { it.isLetterOrDigit() })
    name = title
    vcs {
        root(DslContext.settingsRoot)
        cleanCheckout = true
    }
    publishArtifacts = PublishMode.ALWAYS
    failureConditions { executionTimeoutMin = minutes }
}
