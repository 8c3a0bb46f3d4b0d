import CICore

/// Who answers for a test, as a report says it.
struct OwnerNames: Sendable {
    /// Safe to show as plain text.
    let shown: [String]
    /// Further ones.
    let more: Int

    /// More of one test bury the test.
    private static let limit = 5

    init(of test: TestRecord, in model: ReportModel) {
        let all = model.settings.owners == .off ? [] : model.results.background[test.id]?.owners ?? []
        shown = all.prefix(Self.limit).map { SafeText.line($0, limit: 100) }
        more = all.count - shown.count
    }

    /// `owned by @shop/payments, @alice`; `nil` where nobody is known.
    var text: String? { text { $0 } }

    /// The same with each name as a rendering writes it.
    func text(_ name: (String) -> String) -> String? {
        guard !shown.isEmpty else { return nil }
        return "owned by \(shown.map(name).joined(separator: ", "))" + (more > 0 ? " and \(more) more" : "")
    }

    /// Whether a forge knows somebody by that name: a person, a team, a group and its subgroups.
    static func canBeMentioned(_ name: String) -> Bool {
        let parts = name.dropFirst().split(separator: "/", omittingEmptySubsequences: false)
        return name.hasPrefix("@")
            && parts.allSatisfy { part in
                part.first.map { $0.isASCII && ($0.isLetter || $0.isNumber) } ?? false
                    && part.utf8.allSatisfy(isPlain)
            }
    }

    private static func isPlain(_ byte: UInt8) -> Bool {
        (0x61...0x7A).contains(byte | 0x20) || (0x30...0x39).contains(byte) || [0x2D, 0x2E, 0x5F].contains(byte)
    }
}
