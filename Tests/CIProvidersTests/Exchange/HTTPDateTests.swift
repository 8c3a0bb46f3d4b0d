import Testing

import struct FoundationEssentials.Date

@testable import CIProviders

struct HTTPDateTests {
    @Test(arguments: [
        ("Thu, 01 Jan 1970 00:00:00 GMT", 0), ("Sun, 06 Nov 1994 08:49:37 GMT", 784_111_777),
        ("Thu, 29 Feb 2024 23:59:60 GMT", 1_709_251_200), ("Fri, 01 Mar 2024 00:00:00 GMT", 1_709_251_200),
        ("Fri, 31 Dec 2100 12:00:00 GMT", 4_133_937_600),
    ])
    func `a date is seconds since 1970`(text: String, seconds: Int) {
        #expect(HTTPDate.parse(text)?.timeIntervalSince1970 == Double(seconds))
    }

    @Test(arguments: [
        "", "tomorrow", "Sunday, 06-Nov-94 08:49:37 GMT", "Sun, 06 Nov 1994 08:49:37 CET",
        "Sun, 06 Nov 1994 25:00:00 GMT",
        "Sun, 99 Nov 1994 08:49:37 GMT", "Sun, 06 Foo 1994 08:49:37 GMT", "Sun, 06 Nov 99999 08:49:37 GMT",
        "Sun, 06 Nov 1994 08:49 GMT",
    ])
    func `anything else is none`(text: String) {
        #expect(HTTPDate.parse(text) == nil)
    }
}
