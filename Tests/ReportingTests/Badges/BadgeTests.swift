import CICore
import Testing

@testable import Reporting

@Suite struct BadgeTests {
    /// The widths that shields.io's badges have, in pixels.
    static let widths: [(style: BadgeStyle, label: String, logo: Bool, width: String)] = [
        (.flat, "cactus", false, "90"), (.flat, "cactus", true, "107"), (.flat, "", false, "45"),
        (.flat, "", true, "63"), (.flatSquare, "cactus", false, "90"), (.plastic, "cactus", true, "107"),
        (.forTheBadge, "cactus", true, "163.75"), (.social, "cactus", false, "95"), (.social, "cactus", true, "112"),
        (.social, "", false, "59"), (.social, "", true, "73"),
    ]

    @Test(arguments: widths)
    func `a badge is as wide as shields.io's`(case row: (style: BadgeStyle, label: String, logo: Bool, width: String)) {
        let badge = Badge(
            label: BadgeText(row.label), message: BadgeText("grown"), style: row.style,
            logo: row.logo ? BadgeLogo(svg: Array("<svg/>".utf8)) : nil)
        let height = row.style == .plastic ? 18 : row.style == .forTheBadge ? 28 : 20
        #expect(
            text(badge).hasPrefix(
                "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"\(row.width)\" height=\"\(height)\""))
    }

    @Test(arguments: [
        ("cactus", 35), ("grown", 35), ("build", 27), ("passing", 41), ("tests", 27), ("coverage", 51),
        ("12 passed, 1 failed", 105),
    ])
    func `text is as wide as in shields.io's table`(text: String, pixels: Int) {
        #expect(BadgeFont.verdana11.oddWidth(of: BadgeText(text)) == pixels * 100)
    }

    @Test(arguments: [("é", 655), ("—", 1100), ("…", 900), ("✓", 841), ("漢", 1100), ("m", 1070), ("\u{301}", 0)])
    func `characters beyond ASCII have their widths`(text: String, hundredths: Int) {
        #expect(BadgeFont.verdana11.width(of: Array(text.utf8)) == hundredths)
    }

    @Test func `text is placed in the middle of its half`() {
        let svg = text(Badge(label: BadgeText("cactus"), message: BadgeText("grown")))
        #expect(svg.contains("x=\"235\" y=\"140\" transform=\"scale(.1)\" textLength=\"350\">cactus</text>"))
        #expect(svg.contains("x=\"665\" y=\"140\" transform=\"scale(.1)\" textLength=\"350\">grown</text>"))
        #expect(svg.contains("role=\"img\" aria-label=\"cactus: grown\"><title>cactus: grown</title>"))
    }

    @Test(arguments: BadgeStyle.allCases)
    func `nothing given can leave its place`(style: BadgeStyle) {
        let hostile = "</text><script>alert(1)</script>\"'&\u{0}\n\u{1B}[31m"
        var badge = Badge(label: BadgeText(hostile), message: BadgeText(hostile), style: style)
        badge.idSuffix = "\"><x onload=1>"
        badge.links = ["https://a.example/?q=\"<&", "javascript:alert(1)", "https://b.example"].compactMap(
            BadgeLink.init)
        let svg = text(badge)
        #expect(!svg.lowercased().contains("<script"))
        #expect(!svg.lowercased().contains("javascript"))
        #expect(!svg.contains("\u{1B}"))
        #expect(svg.contains("https://a.example/?q=&quot;&lt;&amp;"))
        #expect(badge.links.count == 2)
        #expect(!svg.contains("<x"))
    }

    @Test func `a long message is cut`() {
        let svg = text(Badge(label: BadgeText("x"), message: BadgeText(String(repeating: "m", count: 10_000))))
        #expect(svg.utf8.count < 3000)
        #expect(svg.contains("m…</text>"))
    }

    @Test func `two links lead from two halves`() {
        var badge = Badge(label: BadgeText("docs"), message: BadgeText("latest"))
        badge.links = ["https://a.example", "https://b.example"].compactMap(BadgeLink.init)
        let svg = text(badge)
        #expect(!svg.contains("aria-label"))
        #expect(svg.components(separatedBy: "<a target").count == 3)
        badge.links.removeLast()
        #expect(text(badge).components(separatedBy: "<a target").count == 2)
    }

    @Test(arguments: ["brightgreen", "green", "yellow", "orange", "red", "blue", "lightgrey", "ff69b4", "#abc", "lime"])
    func `a readable badge has a contrast of 4.5 to 1`(name: String) throws {
        let color = try #require(BadgeColor(name))
        let readable = color.readable
        #expect(readable.contrast(with: readable.text.fill) >= 4.5)
        if color.contrast(with: color.text.fill) >= 4.5 { #expect(readable == color) }
    }

    /// Contrast of white text, as published for these colours.
    @Test(arguments: [("brightgreen", 2.12), ("red", 3.61), ("blue", 4.38), ("grey", 7.46), ("lightgrey", 2.65)])
    func `contrast is reckoned as WCAG says`(name: String, ratio: Double) throws {
        let color = try #require(BadgeColor(name))
        #expect(abs(color.contrast(with: BadgeColor(0xFFFFFF)) - ratio) < 0.01)
    }

    @Test(arguments: [
        ("brightgreen", "#4c1"), ("97CA00", "#97ca00"), ("#ABC", "#abc"), ("rebeccapurple", "#639"),
        ("success", "#4c1"),
    ])
    func `colours are names or hexadecimal digits`(text: String, hex: String) {
        #expect(BadgeColor(text)?.hex == hex)
    }

    @Test(arguments: ["", "#", "12", "1234", "12345g", "+12345", "nocolour", "rgb(1,2,3)", "\"/><x"])
    func `what is no colour is refused`(text: String) { #expect(BadgeColor(text) == nil) }

    private func text(_ badge: Badge) -> String { String(decoding: badge.svg(), as: UTF8.self) }
}

extension String {
    fileprivate func components(separatedBy mark: String) -> [Substring] {
        var parts: [Substring] = []
        var rest = self[...]
        while let range = rest.firstRange(of: mark) {
            parts.append(rest[..<range.lowerBound])
            rest = rest[range.upperBound...]
        }
        return parts + [rest]
    }
}
