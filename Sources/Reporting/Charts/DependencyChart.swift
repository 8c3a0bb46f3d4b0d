import CICore

/// Tests that wait for each other as a picture of its own: a column for each level, a box for each test.
package struct DependencyChart: Sendable {
    /// A test, many tests, or a place where many lines meet.
    package struct Box: Sendable, Hashable {
        package var name: String
        /// From 0.
        package var level: Int
        /// What is written below the name; empty = a place where lines meet.
        package var note: String
        /// Whether the longest way leads through it.
        package var isCritical: Bool

        package init(name: String, level: Int, note: String, isCritical: Bool = false) {
            self.name = name
            self.level = level
            self.note = note
            self.isCritical = isCritical
        }
    }

    /// From what comes first to what waits for it; both are positions of boxes.
    package struct Line: Sendable, Hashable {
        package var from: Int
        package var to: Int
        /// Whether it is of no matter how the first ended.
        package var isDashed: Bool

        package init(from: Int, to: Int, isDashed: Bool = false) {
            self.from = from
            self.to = to
            self.isDashed = isDashed
        }
    }

    private static let boxWidth = 230
    private static let boxHeight = 34
    private static let rowHeight = 44
    private static let gap = 70
    private static let margin = 12
    private static let head = 26
    /// A level of more boxes is set in several columns.
    private static let mostRows = 40

    private let boxes: [Box]
    private let lines: [Line]
    private let title: String
    private let places: [Place]
    private let size: Place

    private struct Place {
        var x: Int
        var y: Int
    }

    /// - Parameters:
    ///   - boxes: of every level.
    ///   - lines: between them.
    ///   - title: what the picture says, in a sentence.
    package init(_ boxes: [Box], lines: [Line], title: String) {
        self.boxes = boxes
        self.lines = lines
        self.title = title
        var places = [Place](repeating: Place(x: 0, y: 0), count: boxes.count)
        let levels = Dictionary(grouping: boxes.indices) { boxes[$0].level }
        var x = Self.margin
        var bottom = 0
        for (_, members) in levels.sorted(by: { $0.key < $1.key }) {
            let shown = members.filter { !boxes[$0].note.isEmpty }
            let columns = max(1, (shown.count + Self.mostRows - 1) / Self.mostRows)
            let rows = max(1, (shown.count + columns - 1) / columns)
            for (index, member) in shown.enumerated() {
                places[member] = Place(
                    x: x + (index / rows) * (Self.boxWidth + Self.margin),
                    y: Self.head + (index % rows) * Self.rowHeight)
            }
            bottom = max(bottom, Self.head + rows * Self.rowHeight)
            x += columns * (Self.boxWidth + Self.margin) - Self.margin
            // Where lines meet lies between this level and the next one.
            for (index, member) in members.filter({ boxes[$0].note.isEmpty }).enumerated() {
                places[member] = Place(x: x + Self.gap / 2, y: Self.head + Self.boxHeight / 2 + index * 12)
                bottom = max(bottom, places[member].y + 12)
            }
            x += Self.gap
        }
        self.places = places
        size = Place(x: max(x - Self.gap + Self.margin, 320), y: bottom + Self.margin)
    }

    /// A whole SVG document, for light and dark pages.
    package func svg() -> [UInt8] {
        var writer = MarkupWriter(capacity: 256 * (boxes.count + lines.count) + 1024)
        writer.raw("<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 ")
        writer.number(size.x)
        writer.raw(" ")
        writer.number(size.y)
        writer.raw("\" width=\"")
        writer.number(size.x)
        writer.raw("\" height=\"")
        writer.number(size.y)
        writer.raw("\" role=\"img\"><title>")
        writer.text(SafeText.line(title, limit: 500).utf8)
        writer.raw("</title><style>")
        writer.raw(Self.style)
        writer.raw("</style><rect class=\"page\" width=\"100%\" height=\"100%\"/>")
        writeHeads(to: &writer)
        for line in lines { write(line, to: &writer) }
        for index in boxes.indices { write(boxes[index], at: places[index], to: &writer) }
        writer.raw("</svg>\n")
        return writer.bytes
    }

    private static let style: StaticString = """
        text{font:12px system-ui,sans-serif;fill:#1f2328}.note,.head{font-size:10px;fill:#59636e}\
        .page{fill:#fff}.box{fill:#f6f8fa;stroke:#afb8c1}.critical{stroke:#cf222e;stroke-width:2}\
        .line{fill:none;stroke:#8c959f}.long{stroke:#cf222e;stroke-width:2}.dashed{stroke-dasharray:4 3}\
        .meet{fill:#8c959f}@media(prefers-color-scheme:dark){text{fill:#e6edf3}.note,.head{fill:#9198a1}\
        .page{fill:#0d1117}.box{fill:#151b23;stroke:#3d444d}.critical,.long{stroke:#f85149}}
        """

    private func writeHeads(to writer: inout MarkupWriter) {
        var seen: Set<Int> = []
        for (index, box) in boxes.enumerated() where !box.note.isEmpty && seen.insert(box.level).inserted {
            writer.raw("<text class=\"head\" x=\"")
            writer.number(places[index].x)
            writer.raw("\" y=\"16\">level ")
            writer.number(box.level + 1)
            writer.raw("</text>")
        }
    }

    private func write(_ line: Line, to writer: inout MarkupWriter) {
        let from = boxes[line.from].note.isEmpty ? places[line.from] : right(of: places[line.from])
        let to = boxes[line.to].note.isEmpty ? places[line.to] : left(of: places[line.to])
        let bend = max(20, (to.x - from.x) / 2)
        writer.raw("<path class=\"line")
        if boxes[line.from].isCritical, boxes[line.to].isCritical { writer.raw(" long") }
        if line.isDashed { writer.raw(" dashed") }
        writer.raw("\" d=\"M")
        for (index, number) in [from.x, from.y, from.x + bend, from.y, to.x - bend, to.y, to.x, to.y].enumerated() {
            if index == 2 { writer.raw(" C") } else if index > 0 { writer.raw(" ") }
            writer.number(number)
        }
        writer.raw("\"/>")
    }

    private func right(of place: Place) -> Place {
        Place(x: place.x + Self.boxWidth, y: place.y + Self.boxHeight / 2)
    }

    private func left(of place: Place) -> Place { Place(x: place.x, y: place.y + Self.boxHeight / 2) }

    private func write(_ box: Box, at place: Place, to writer: inout MarkupWriter) {
        guard !box.note.isEmpty else {
            writer.raw("<circle class=\"meet\" r=\"4\" cx=\"")
            writer.number(place.x)
            writer.raw("\" cy=\"")
            writer.number(place.y)
            writer.raw("\"><title>")
            writer.text(SafeText.line(box.name, limit: 200).utf8)
            writer.raw("</title></circle>")
            return
        }
        writer.raw("<g><title>")
        writer.text("\(SafeText.line(box.name, limit: 400)): \(box.note)".utf8)
        writer.raw("</title><rect class=\"box")
        if box.isCritical { writer.raw(" critical") }
        writer.raw("\" rx=\"5\" x=\"")
        writer.number(place.x)
        writer.raw("\" y=\"")
        writer.number(place.y)
        writer.raw("\" width=\"")
        writer.number(Self.boxWidth)
        writer.raw("\" height=\"")
        writer.number(Self.boxHeight)
        writer.raw("\"/>")
        write(Self.shortened(box.name), class: "name", at: Place(x: place.x + 8, y: place.y + 14), to: &writer)
        write(box.note, class: "note", at: Place(x: place.x + 8, y: place.y + 27), to: &writer)
        writer.raw("</g>")
    }

    private func write(_ text: String, class name: StaticString, at place: Place, to writer: inout MarkupWriter) {
        writer.raw("<text class=\"")
        writer.raw(name)
        writer.raw("\" x=\"")
        writer.number(place.x)
        writer.raw("\" y=\"")
        writer.number(place.y)
        writer.raw("\">")
        writer.text(text.utf8)
        writer.raw("</text>")
    }

    /// What tells tests apart stands at the ends of their names.
    private static func shortened(_ name: String) -> String {
        let line = SafeText.line(name, limit: 400)
        guard line.count > 33 else { return line }
        return "\(line.prefix(10))…\(line.suffix(22))"
    }
}
