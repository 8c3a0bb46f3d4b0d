import CICore
import SystemPackage
import Testing

@testable import Orchestrator

@Suite struct BadgeKeysTests {
    private func settings(_ text: String) throws -> BadgeSettings {
        let reader = ConfigurationReader(files: LocalFileSystem(), runners: ["go"])
        let settings = try reader.settings(from: Array(text.utf8), source: "dt-ci.yml")
        return try reader.configuration(of: settings, file: nil, root: "/project").reporting.badges
    }

    @Test func `without the key there are no badges`() throws {
        let badges = try settings("version: 1\n")
        #expect(badges.badges.isEmpty)
        #expect(badges.directory == "/project/.dt-ci/badges")
        #expect(badges.branch == "badges")
    }

    @Test func `a badge has its words and its look`() throws {
        let badges = try settings(
            """
            version: 1
            badge:
              place: [branch, gist]
              branch: shields
              branches: [default, "release/*"]
              directory: out
              badges:
                - fact: tests
                - fact: coverage
                  coverage: build/cov.xml
                  style: flat-square
                  links: [https://a.example, https://b.example]
                  logo: art/logo.svg
                  logo-width: 20
                - label: ""
                  message: Ready & able
                  color: "#4c1"
                  file: ready.json
                  contrast: true
                - label: Swift Version
                  message: "6.2"
            """)
        #expect(badges.places == [.branch, .gist])
        #expect(badges.branch == "shields")
        #expect(badges.sources == ["default", "release/*"])
        #expect(badges.directory == "/project/out")
        #expect(badges.badges.map(\.file) == ["tests.svg", "coverage.svg", "ready.json", "swift-version.svg"])
        #expect(badges.badges[1].words.coverage == "/project/build/cov.xml")
        #expect(badges.badges[1].look.style == .flatSquare)
        #expect(badges.badges[1].look.links.count == 2)
        #expect(badges.badges[1].look.logo == .init(path: "/project/art/logo.svg", width: 20))
        #expect(badges.badges[2].words == .init(label: "", message: "Ready & able"))
        #expect(badges.badges[2].look.isReadable)
    }

    @Test(arguments: [
        ("{fact: test}", "dt-ci.yml:4:14: found \"test\"; expected status, tests, flaky, duration, coverage, none"),
        ("{label: a}", "dt-ci.yml:4:7: a badge that says nothing; expected \"fact:\" with one of status, tests"),
        ("{fact: coverage}", "dt-ci.yml:4:14: a coverage badge without its report; expected \"coverage:\""),
        ("{fact: tests, coverage: a.xml}", "dt-ci.yml:4:31: a report that no fact reads; expected \"fact: coverage\""),
        ("{message: a, color: blurple}", "dt-ci.yml:4:27: found \"blurple\"; expected a name such as brightgreen"),
        ("{message: a, links: javascript:alert(1)}", "4:27: found \"javascript:alert(1)\"; expected one or two"),
        ("{message: a, links: [https://a, https://b, https://c]}", "4:27: found a list; expected one or two addresses"),
        ("{message: a, file: ../a.svg}", "4:26: found \"../a.svg\"; expected a name of letters"),
        ("{message: a, file: .svg}", "4:26: found \".svg\"; expected a name of letters"),
        ("{message: a, file: a.png}", "4:26: found \"a.png\"; expected a name of letters"),
        ("{message: a, logo-width: 5000}", "4:32: found 5000; expected at most 1000 pixels"),
        ("{message: a, colour: red}", "4:20: unknown key \"colour\" in badges; did you mean \"color\"?"),
        ("{fact: tests}, {fact: tests}", "4:22: a second badge is called \"tests.svg\"; expected another \"file:\""),
    ])
    func `a mistake is told with its place`(badge: String, sentence: String) {
        #expect {
            try settings("version: 1\nbadge:\n  badges:\n    [ \(badge)]\n")
        } throws: {
            let text = "\($0)"
            return text.contains(sentence)
                || {
                    Issue.record("\(text)"); return false
                }()
        }
    }
}
