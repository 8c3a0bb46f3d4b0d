import Calc
import XCTest

final class OldTests: XCTestCase {
    func testAdd() { XCTAssertEqual(add(1, 2), 3) }
    func testAddMore() { print("no line break", terminator: "") }
    func testWrong() { XCTAssertEqual(add(1, 2), 4, "arithmetic is broken") }
    func testSkipped() throws { throw XCTSkip("not here") }
}

final class OldCrashTests: XCTestCase {
    func testBefore() {}
    func testDies() { abort() }
    func testZAfter() {}
}
