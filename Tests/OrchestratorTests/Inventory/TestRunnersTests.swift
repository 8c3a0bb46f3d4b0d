import CICore
import Testing

@testable import Orchestrator

struct TestRunnersTests {
    @Test func `every runner is found by its id, and no id stands twice`() {
        let ids = TestRunners.all.map(\.id)
        #expect(Set(ids).count == ids.count)
        for id in ids { #expect(TestRunners.runner(id)?.id == id) }
        #expect(TestRunners.runner("no-such-runner") == nil)
    }

    @Test func `every profile has a title, a way to get the tool, and costs above zero`() {
        for runner in TestRunners.all {
            let profile = runner.profile
            #expect(!profile.title.isEmpty)
            #expect(
                runner.id == "command" || !profile.tool.debianPackages.isEmpty || profile.tool.hint != nil,
                "\(runner.id)")
            #expect(profile.costs.start > .zero && profile.costs.unit > .zero && profile.costs.test > .zero)
        }
    }
}
