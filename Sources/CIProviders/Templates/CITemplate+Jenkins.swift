extension CITemplate {
    /// One Jenkinsfile.
    static let jenkins = CITemplate(
        nextStep: "set DTCI_URL and DTCI_SHA256 as global environment variables, and FORGE_CREDENTIALS to the id of a "
            + "secret text with a token of the forge"
    ) { shape in
        [File(path: "Jenkinsfile", sample: "\(shape.name).Jenkinsfile", text: JenkinsTemplate(shape: shape).text)]
    }
}

/// The text for Jenkins: a declarative pipeline, whose parallel branches only a script can count.
private struct JenkinsTemplate {
    let shape: PipelineShape

    private var layout: ResultsLayout { shape.layout }

    var text: String {
        """
        // Runs the tests with dt-ci. Plugins: Pipeline, JUnit, Credentials Binding.
        // Jenkins has no cache: what dt-ci learns stays in the agent's workspace. Where agents are thrown away, set
        // DTCI_HISTORY to a place that all of them see, such as sqlite:/mnt/shared/history.db.

        // exec: an abort's signals reach dt-ci itself.
        void dtci(String arguments) {
            sh '''set -eu
        \(TemplateShell.install(layout))
        exec dt-ci ''' + arguments
        }

        // Hands the forge's token to what posts; a build of a fork's pull request never gets it.
        void reporting(Closure body) {
            if (env.FORGE_CREDENTIALS && !env.CHANGE_FORK) {
                withCredentials([string(credentialsId: env.FORGE_CREDENTIALS, variable: 'DTCI_FORGE_TOKEN')]) { body() }
            } else {
                body()
            }
        }

        void keepResults() {
            // Whether the build is red is dt-ci's to say: it knows of quarantine.
            junit testResults: '\(layout.junit)', allowEmptyResults: true, skipMarkingBuildUnstable: true
            archiveArtifacts artifacts: '\(layout.junit), \(layout.results)', allowEmptyArchive: true, fingerprint: true
        }

        \(shape.isAuto ? "// The jobs that the plan asks for; needs the plugin Pipeline Utility Steps.\n@groovy.transform.Field def planned = [:]\n\n" : "")\
        \(shape.isParallel ? parallel : oneJob)
        """
    }

    private var environment: String {
        let variables = [("DTCI_TIMEOUT", TemplateShell.runLimit)] + shape.binaryVariables
        return """
                environment {
                    // dt-ci ends before its build does, so that what it has is kept.
                    \(variables.map { "\($0) = '\($1)'" }.joined(separator: "\n        "))
                }
            """
    }

    private var oneJob: String {
        """
        pipeline {
            agent any
            options { timeout(time: \(TemplateShell.jobMinutes), unit: 'MINUTES') }
        \(environment)
            stages {
                stage('Tests') {
                    steps {
                        \(comment(TemplateShell.preparation))
                        script { reporting { dtci('run') } }
                    }
                    post { always { keepResults() } }
                }
            }
        }

        """
    }

    /// The file with the jobs of the plan.
    private var jobs: String { "\(layout.root)/nodes.json" }
    private var total: String { shape.isAuto ? "planned.size()" : "\(shape.nodes)" }
    private var totalInText: String { shape.isAuto ? "${planned.size()}" : "\(shape.nodes)" }

    private var branches: String {
        guard shape.isAuto else {
            return """
                                    def nodes = [:]
                                    for (int i = 0; i < \(shape.nodes); i++) {
                                        int index = i
                                        nodes["node ${index}"] = { testsOf(index) }
                                    }
                """
        }
        return """
                                // The labels are those of the plan: `runs-on` of fan-out in dt-ci.yml.
                                def nodes = planned.collectEntries { name, job ->
                                    [(name): { testsOf(job.index as int, job.label) }]
                                }
            """
    }

    private var parallel: String {
        """
        pipeline {
            agent none
        \(environment)
            stages {
                stage('Plan') {
                    agent any
                    options { timeout(time: \(TemplateShell.jobMinutes), unit: 'MINUTES') }
                    steps {
                        \(comment(TemplateShell.preparation))
                        dtci('\(shape.planning(.jenkinsParallel, to: jobs))')
                        stash name: 'dt-ci-plan', includes: '\(layout.plan)\(shape.isAuto ? ", \(jobs)" : "")'
        \(shape.isAuto ? "                script { planned = readJSON file: '\(jobs)' }\n" : "")\
                    }
                }
                stage('Tests') {
                    steps {
                        script {
        \(branches)
                            // The verdict below decides; a red, aborted or timed-out node must not hide it.
                            catchError(buildResult: 'SUCCESS', stageResult: 'FAILURE') { parallel nodes }
                        }
                    }
                }
                stage('Verdict') {
                    agent any
                    options { timeout(time: 15, unit: 'MINUTES') }
                    steps {
                        dir('\(layout.bundles)') { deleteDir() }
                        script {
                            for (int i = 0; i < \(total); i++) {
                                // What a node without a bundle had to run is lost by name.
                                try { unstash "dt-ci-bundle-${i}" } catch (error) { echo "node ${i} left nothing: ${error}" }
                            }
                            reporting { dtci(\(shape.isAuto ? "\"merge --expect ${planned.size()}\"" : "'merge --expect \(shape.nodes)'")) }
                        }
                    }
                    post { always { keepResults() } }
                }
            }
        }

        void testsOf(int index\(shape.isAuto ? ", String label" : "")) {
            node\(shape.isAuto ? "(label)" : "") {
                checkout scm
                // A workspace may hold what an earlier build left.
                dir('\(layout.bundles)') { deleteDir() }
                unstash 'dt-ci-plan'
                \(comment(TemplateShell.preparation))
                try {
                    timeout(time: \(TemplateShell.jobMinutes), unit: 'MINUTES') {
                        dtci("run --node ${index}/\(totalInText) --plan \(layout.plan)")
                    }
                } finally {
                    stash name: "dt-ci-bundle-${index}", allowEmpty: true,
                        includes: "\(layout.bundle("${index}", of: totalInText))/**"
                }
            }
        }

        """
    }

    private func comment(_ text: String) -> String { "//" + text.dropFirst() }
}
