import XCTest

final class OldTests: XCTestCase {
    func testAdd() { XCTFail("the other module") }
}
