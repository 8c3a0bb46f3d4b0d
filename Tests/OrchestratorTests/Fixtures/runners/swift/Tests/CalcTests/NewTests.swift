import Calc
import Foundation
import Testing

@Test func free() { #expect(add(1, 2) == 3) }

@Suite struct NewTests {
    @Test func adds() {}
    @Test func addsMore() {}
    @Test func wrong() { #expect(add(1, 2) == 4, "new arithmetic is broken") }
    @Test(.disabled("not here")) func skipped() {}
    @Test(arguments: [1, 2]) func each(n: Int) {}
    @Test func known() { withKnownIssue { #expect(Bool(false)) } }
}

@Suite struct `Odd names` {
    @Test func `adds (1 + 2), really? [x]* ::error:: "q" $`() {}
    @Suite struct Inner {
        @Test func deep() {}
    }
}

@Suite struct NewCrashTests {
    @Test func dies() { abort() }
}

@Suite(.serialized) struct NewHangTests {
    @Test func a() {}
    @Test func waits() { Thread.sleep(forTimeInterval: 3600) }
}
