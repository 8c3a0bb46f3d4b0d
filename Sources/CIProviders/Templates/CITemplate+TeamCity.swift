extension CITemplate {
    /// Versioned settings in Kotlin.
    static let teamCity = CITemplate(
        nextStep:
            "switch versioned settings on, set the project's parameters env.DTCI_URL and env.DTCI_SHA256, and the "
            + "verdict's password env.DTCI_FORGE_TOKEN to a token of the forge"
    ) { shape in
        [
            File(
                path: ".teamcity/settings.kts", sample: "\(shape.name).settings.kts",
                text: TeamCityTemplate(shape: shape).text)
        ]
    }
}

/// The text for TeamCity. Its own parallel tests copy a build configuration and split the tests themselves, so nodes are
/// configurations here.
private struct TeamCityTemplate {
    let shape: PipelineShape

    private var layout: ResultsLayout { shape.layout }

    var text: String {
        """
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
                \(parameters.map { "param(\"env.\($0)\", \"\($1)\")" }.joined(separator: "\n        "))
            }
        \(shape.isParallel ? parallelBuilds : oneJobBuild)
        }

        // exec: a stopped build's signals reach dt-ci itself.
        fun BuildSteps.dtci(arguments: String\(shape.isAuto ? ", index: Int = -1" : "")) {
            script {
                name = "dt-ci"
        \(condition)\
                scriptContent = \"\"\"
                    set -eu
                    \(Self.kotlin(TemplateShell.install(layout)).indented(12))
                    exec dt-ci $arguments
                \"\"\".trimIndent()
            }
        }

        // Brings what past runs taught, and publishes it where this one keeps it.
        fun BuildFeatures.history(keeps: Boolean) {
            buildCache {
                name = "dt-ci-history"
                use = true
                publish = keeps
                rules = "\(layout.historyDirectory)"
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

        """
    }

    private var parameters: [(String, String)] {
        [("DTCI_TIMEOUT", TemplateShell.runLimit), ("DTCI_HISTORY", layout.historyURL)]
            + shape.binaryVariables.map { ($0.name, $0.value.replacing("%", with: "%%")) }
    }

    /// In a raw string of Kotlin a dollar begins an expression, in a script of TeamCity a per cent sign a parameter.
    private static func kotlin(_ text: String) -> String {
        text.replacing("%", with: "%%").replacing("$", with: "${'$'}")
    }

    private var oneJobBuild: String {
        """

            buildType {
                base("Tests", minutes = \(TemplateShell.jobMinutes))
                artifactRules = "\(results)"
                features { history(keeps = true) }
                steps {
                    \(comment)
                    dtci("run")
                }
                triggers { vcs { } }
            }
        """
    }

    private var parallelBuilds: String {
        """

            val plan = BuildType {
                base("Plan", minutes = \(TemplateShell.jobMinutes))
                artifactRules = "\(layout.plan)"
        \(shape.isAuto ? "        params { param(\"dtci.nodes\", \"\") }\n" : "")\
                features { history(keeps = false) }
                steps {
                    \(comment)
                    dtci("\(shape.planning(.teamCityParameters, to: "service"))")
                }
            }

            val tests = (0 until \(shape.nodes)).map { index ->
                BuildType {
                    base("Tests $index", minutes = \(TemplateShell.jobMinutes))
                    artifactRules = "\(shape.isAuto ? "\(layout.bundles)/** => bundles" : "\(bundle) => bundles/\(bundleName)")"
        \(count)\
                    steps {
                        \(comment)
                        dtci("run --node $index/\(total) --plan \(layout.plan)"\(shape.isAuto ? ", index" : ""))
                    }
                    dependencies {
                        dependency(plan) {
                            snapshot { onDependencyFailure = FailureAction.FAIL_TO_START }
                            artifacts { artifactRules = "plan.json => \(layout.root)" }
                        }
                    }
                }
            }

            // Runs after red, stopped and timed-out nodes too: what a missing one had to run is lost by name.
            val verdict = BuildType {
                base("Verdict", minutes = 15)
                artifactRules = "\(results)"
                features { history(keeps = true) }
                steps { dtci("merge --expect \(expected)") }
                triggers { vcs { } }
                dependencies {
                    tests.forEach { node ->
                        dependency(node) {
                            snapshot {
                                // Its failed tests are the verdict's anyway.
                                onDependencyFailure = FailureAction.IGNORE
                                onDependencyCancel = FailureAction.ADD_PROBLEM
                            }
                            artifacts { artifactRules = "?:bundles/** => \(layout.bundles)" }
                        }
                    }
                }
            }

            buildType(plan)
            tests.forEach { buildType(it) }
            buildType(verdict)
        """
    }

    /// A build beyond the plan's nodes skips its step.
    private var condition: String {
        guard shape.isAuto else { return "" }
        return "        // So many builds are in this file; the plan may need fewer.\n"
            + "        if (index >= 0) conditions { moreThan(\"dtci.count\", \"$index\") }\n"
    }

    private var count: String {
        guard shape.isAuto else { return "" }
        return "            params { param(\"dtci.count\", \"${plan.depParamRefs[\"dtci.nodes\"]}\") }\n"
    }

    private var expected: String { shape.isAuto ? "${plan.depParamRefs[\"dtci.nodes\"]}" : "\(shape.nodes)" }

    private var total: String { shape.isAuto ? "%dtci.count%" : "\(shape.nodes)" }

    /// Rules of artifacts stand on lines of their own.
    private var results: String { "\(layout.junit)\\n\(layout.results)" }
    private var bundle: String { layout.bundle("$index", of: String(shape.nodes)) }
    private var bundleName: Substring { bundle.split(separator: "/").last ?? "" }
    private var comment: String { "//" + TemplateShell.preparation.dropFirst() }
}
