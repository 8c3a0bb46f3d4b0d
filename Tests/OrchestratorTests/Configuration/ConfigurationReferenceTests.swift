import CICore
import SystemPackage
import Testing

@testable import Orchestrator

@Suite struct ConfigurationReferenceTests {
    @Test func `the examples of the page are valid`() throws {
        let reader = ConfigurationReader(files: LocalFileSystem(), runners: ["pytest", "command"])
        let settings = try reader.settings(from: Array(ConfigurationReference.example.utf8), source: "example")
        let configuration = try reader.configuration(of: settings, file: nil, root: "/tmp")
        #expect(configuration.suites.count == 4)
        let quarantine = try Quarantine(bytes: Array(ConfigurationReference.quarantineExample.utf8), source: "example")
        #expect(quarantine.entries.count == 1)
    }

    @Test func `every key stands on the page and in the schema with its words`() {
        let page = ConfigurationReference.markdown(runners: ["pytest"])
        let schema = String(decoding: ConfigurationSchema.json(runners: ["pytest"]), as: UTF8.self)
        for section in ConfigurationSchema.sections {
            for key in section.keys {
                #expect(page.contains("| `\(key.name)` |"))
                #expect(page.contains(key.summary))
                #expect(schema.contains("\"\(key.name)\": {"))
            }
        }
        for key in QuarantineKeys.section.keys { #expect(page.contains("| `\(key.name)` |")) }
    }

    @Test func `every default is a value that the key itself accepts`() throws {
        let reader = ConfigurationReader(files: LocalFileSystem(), runners: ["go"])
        for section in ConfigurationSchema.sections {
            for key in section.keys {
                guard case .text(let text) = key.shownDefault, !["", "drawn", "none"].contains(text) else { continue }
                let line = "\(key.name): \"\(text)\""
                let file =
                    switch section.name {
                    case "run", "report", "publish", "forge", "badge", "fan-out", "artifacts":
                        "version: 1\n\(section.name): {\(line)}\n"
                    case "suites": "version: 1\nsuites: [{name: a, runner: go, \(line)}]\n"
                    case "classes": "version: 1\nfan-out: {classes: [{\(line)}]}\n"
                    case "rules":
                        "version: 1\nsuites: [{name: a, runner: go, rules: [{\(Self.words(inRuleWith: key, line))}]}]\n"
                    case "collect":
                        "version: 1\nartifacts: {collect: [{name: a, paths: [a], \(line)}]}\n"
                    case "badges": "version: 1\nbadge: {badges: [{\(line)\(Self.words(beside: key))}]}\n"
                    default: "version: 1\n\(line)\n"
                    }
                let settings = try reader.settings(from: Array(file.utf8), source: key.name)
                let nested =
                    switch section.name {
                    case "run": settings[RootKeys.run]
                    case "report": settings[RootKeys.report]
                    case "publish": settings[RootKeys.publish]
                    case "forge": settings[RootKeys.forge]
                    case "badge": settings[RootKeys.badge]
                    case "fan-out": settings[RootKeys.fanOut]
                    case "classes": settings[RootKeys.fanOut]?[FanOutKeys.classes]?.first
                    case "rules": settings[RootKeys.suites]?.first?[ConditionKeys.rules]?.first
                    case "artifacts": settings[RootKeys.artifacts]
                    case "collect": settings[RootKeys.artifacts]?[ArtifactKeys.collect]?.first
                    case "badges": settings[RootKeys.badge]?[BadgeKeys.badges]?.first
                    default: settings[RootKeys.suites]?.first
                    }
                #expect((nested ?? settings).shown(key) == key.shownDefault)
            }
        }
    }

    /// So must a rule.
    private static func words(inRuleWith key: any AnyKey, _ line: String) -> String {
        key.name == "serial" ? line : "serial: true, \(line)"
    }

    /// A badge must say something.
    private static func words(beside key: any AnyKey) -> String {
        key.name == "fact" ? ", message: a" : ", fact: tests"
    }
}
