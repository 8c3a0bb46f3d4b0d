/// Text with a terminal's colour sequences as HTML: colours become classes, everything else of a terminal is dropped.
struct AnsiText {
    private let bytes: [UInt8]
    private var at = 0
    private var look = Look()
    private var isOpen = false

    /// What the text that follows looks like.
    private struct Look: Equatable {
        /// 0 to 15; `nil` = as the page has it.
        var foreground: Int?
        var isBold = false
        var isFaint = false
        var isPlain: Bool { self == Look() }
    }

    /// Bytes of UTF-8; an escape may also be written `#x1B`, as some runners do where XML forbids the character.
    init(_ text: String) { bytes = Array(text.utf8) }

    mutating func write(to writer: inout MarkupWriter) {
        var start = 0
        while at < bytes.count {
            guard let length = introducer else {
                at += 1
                continue
            }
            writer.text(bytes[start..<at].lazy.filter(Self.isShown))
            at += length
            sequence(to: &writer)
            start = at
        }
        writer.text(bytes[start..<at].lazy.filter(Self.isShown))
        if isOpen { writer.raw("</span>") }
    }

    /// Control characters mean nothing on a page but for tabs and line feeds.
    private static func isShown(_ byte: UInt8) -> Bool { byte >= 0x20 && byte != 0x7F || byte == 0x0A || byte == 0x09 }

    /// The bytes of an escape and its `[` at this place; a lone escape is one byte long.
    private var introducer: Int? {
        if bytes[at] == 0x1B { return at + 1 < bytes.count && bytes[at + 1] == UInt8(ascii: "[") ? 2 : 1 }
        return bytes[at] == UInt8(ascii: "#") && bytes[at...].starts(with: "#x1B[".utf8) ? 5 : nil
    }

    /// Reads parameters and the final byte; only `m` means something here.
    private mutating func sequence(to writer: inout MarkupWriter) {
        guard bytes[at - 1] == UInt8(ascii: "[") else { return }
        var codes = [0]
        while at < bytes.count, (0x20...0x3F).contains(bytes[at]) {
            if bytes[at] == UInt8(ascii: ";") {
                codes.append(0)
            } else if (0x30...0x39).contains(bytes[at]) {
                codes[codes.count - 1] = min(999, codes[codes.count - 1] * 10 + Int(bytes[at] - 0x30))
            }
            at += 1
        }
        guard at < bytes.count else { return }
        at += 1
        guard bytes[at - 1] == UInt8(ascii: "m") else { return }
        let before = look
        apply(codes)
        if look != before { change(to: &writer) }
    }

    private mutating func apply(_ codes: [Int]) {
        var rest = codes[...]
        while let code = rest.popFirst() {
            switch code {
            case 0: look = Look()
            case 1: look.isBold = true
            case 2: look.isFaint = true
            case 22: (look.isBold, look.isFaint) = (false, false)
            case 30...37: look.foreground = code - 30
            case 90...97: look.foreground = code - 82
            case 39: look.foreground = nil
            // 256 colours and true colours are not told apart: their parameters are passed over.
            case 38, 48: rest = rest.dropFirst(rest.first == 5 ? 2 : rest.first == 2 ? 4 : 0)
            default: break
            }
        }
    }

    private mutating func change(to writer: inout MarkupWriter) {
        if isOpen { writer.raw("</span>") }
        isOpen = !look.isPlain
        guard isOpen else { return }
        writer.raw("<span class=\"")
        if let color = look.foreground {
            writer.raw("a")
            writer.number(color)
        }
        if look.isBold { writer.raw(" ab") }
        if look.isFaint { writer.raw(" af") }
        writer.raw("\">")
    }
}
