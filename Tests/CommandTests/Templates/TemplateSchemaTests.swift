import CIProviders
import Foundation
import Testing

/// Templates before the judges that their services' users ask: JSON schemas, Groovy's own compiler, a parser of Kotlin.
struct TemplateSchemaTests {
    private static let schemas = [
        "gitlab-ci": "gitlab-ci", "azure-pipelines": "azure-pipelines", "circleci": "circle-ci",
        "bitbucket-pipelines": "bitbucket-pipelines", "travis-ci": "travis",
    ]

    private static func schema(of sample: TemplateSample) -> String {
        if sample.service == "github-actions" {
            return sample.file.path.hasSuffix("action.yml") ? "github-actions" : "github-workflows"
        }
        return schemas[sample.service] ?? sample.service
    }

    private func check(_ text: String, as schema: String) async throws -> TemplateTools.Answer {
        let directory = try TemporaryDirectory()
        try directory.write(text, to: "template.yml")
        let transform = ["gitlab-ci", "azure-pipelines"].contains(schema) ? ["--data-transform", schema] : []
        return try await TemplateTools.run(
            ["check-jsonschema", "--builtin-schema", "vendor.\(schema)", "--regex-variant", "nonunicode"] + transform
                + ["template.yml"], in: directory.url)
    }

    @Test(arguments: TemplateSample.files(".yml")) func `a template is what its service's schema says`(
        sample: TemplateSample
    ) async throws {
        let answer = try await check(sample.file.text, as: Self.schema(of: sample))
        #expect(answer.exitCode == 0, "\(answer.text.prefix(3000))")
    }

    @Test func `the schemas see what is wrong`() async throws {
        for sample in TemplateSample.files(".yml") where sample.file.sample != "steps.yml" {
            let broken = sample.file.text + "\nno-such-key: [}\n"
            #expect(try await check(broken, as: Self.schema(of: sample)).exitCode != 0)
        }
    }

    @Test(arguments: TemplateSample.files("Jenkinsfile")) func `a Jenkinsfile is Groovy`(
        sample: TemplateSample
    ) async throws {
        let directory = try TemporaryDirectory()
        try directory.write(sample.file.text, to: "good.groovy")
        try directory.write(sample.file.text + "\nstage('Open' {\n", to: "bad.groovy")
        try directory.write(
            """
            import org.codehaus.groovy.control.*
            args.each {
                def unit = new CompilationUnit()
                unit.addSource(new File(it))
                unit.compile(Phases.CONVERSION)
            }
            """, to: "parse.groovy")
        let good = try await TemplateTools.run(["groovy", "parse.groovy", "good.groovy"], in: directory.url)
        #expect(good.exitCode == 0, "\(good.text)")
        let bad = try await TemplateTools.run(["groovy", "parse.groovy", "bad.groovy"], in: directory.url)
        #expect(bad.exitCode != 0 && bad.text.contains("bad.groovy"), "\(bad.text)")
    }

    @Test(arguments: TemplateSample.files(".kts")) func `settings for TeamCity are Kotlin`(
        sample: TemplateSample
    ) async throws {
        let directory = try TemporaryDirectory()
        try directory.write(sample.file.text, to: "good.kts")
        try directory.write(sample.file.text + "\nfun open( {\n", to: "bad.kts")
        try directory.write(
            """
            import sys, tree_sitter, tree_sitter_kotlin
            parser = tree_sitter.Parser(tree_sitter.Language(tree_sitter_kotlin.language()))
            tree = parser.parse(open(sys.argv[1], "rb").read())
            sys.exit(1 if tree.root_node.has_error else 0)
            """, to: "parse.py")
        let python = TemplateTools.python.appending(path: "python3").path
        let good = try await TemplateTools.run([python, "parse.py", "good.kts"], in: directory.url)
        #expect(good.exitCode == 0, "\(good.text)")
        let bad = try await TemplateTools.run([python, "parse.py", "bad.kts"], in: directory.url)
        #expect(bad.exitCode == 1 && bad.text == "", "\(bad.text)")
    }
}
