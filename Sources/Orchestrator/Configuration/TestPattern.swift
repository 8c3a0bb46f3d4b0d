package import CICore

/// A glob on test ids: `*` is any run of characters, `?` any one; brackets stand for themselves, since parameterised
/// tests are called `test_area[3-4]`.
package struct TestPattern: Sendable, Hashable, CustomStringConvertible {
    package let description: String
    private let scalars: [Unicode.Scalar]

    package init(_ text: String) {
        description = text
        scalars = Array(text.unicodeScalars)
    }

    /// Whether it covers the whole id, or the whole id without the name of its suite.
    package func matches(_ test: TestID) -> Bool {
        if covers(test.rawValue) { return true }
        guard let selector = test.selector else { return false }
        return covers(selector)
    }

    /// Whether it covers the whole of a text.
    ///
    /// Linear in the text for each star; the last star alone ever takes more.
    package func covers(_ text: some StringProtocol) -> Bool {
        let text = Array(text.unicodeScalars)
        var at = 0
        var inPattern = 0
        var star: (inPattern: Int, at: Int)?
        while at < text.count {
            if inPattern < scalars.count, scalars[inPattern] == "*" {
                star = (inPattern, at)
                inPattern += 1
            } else if inPattern < scalars.count, scalars[inPattern] == "?" || scalars[inPattern] == text[at] {
                inPattern += 1
                at += 1
            } else if let last = star {
                star = (last.inPattern, last.at + 1)
                inPattern = last.inPattern + 1
                at = last.at + 1
            } else {
                return false
            }
        }
        return scalars[inPattern...].allSatisfy { $0 == "*" }
    }
}

extension TestID {
    /// What stands after `suite::`; `nil` without a suite.
    fileprivate var selector: Substring? {
        var rest = rawValue[...]
        while let colon = rest.firstIndex(of: ":") {
            let after = rest[rest.index(after: colon)...]
            if after.first == ":" { return after.dropFirst() }
            rest = after
        }
        return nil
    }
}
