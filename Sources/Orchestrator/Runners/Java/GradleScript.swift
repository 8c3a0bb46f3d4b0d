/// An init script that gives every test task the batch's filter and a directory of its own for reports; for Gradle 4
/// and later.
enum GradleScript {
    static let source = #"""
        def place = new File(System.getProperty("dtci.place"))
        def wanted = new File(place, "tests.txt").readLines("UTF-8").collect { it.split("\t", 2) }

        allprojects { project ->
            def module = project.rootDir.toPath().relativize(project.projectDir.toPath()).toString().replace("\\", "/")
            project.tasks.withType(Test) { task ->
                task.outputs.upToDateWhen { false }
                task.filter.failOnNoMatchingTests = false
                wanted.findAll { it[0] == module }.each { task.filter.includeTestsMatching(it[1]) }
                def folder = new File(place, "reports-" + (module ? module.replace("/", "-") : "root"))
                def xml = task.reports.junitXml
                if (xml.hasProperty("outputLocation")) xml.outputLocation.set(folder) else xml.destination = folder
            }
        }
        """#
}
