package import CICore
import FoundationEssentials
package import SystemPackage

/// Looks for the values of secret variables in what is about to leave: as they are, as Base64, and escaped for URLs, JSON
/// and XML. `PackedScan` looks with it into what is compressed.
package struct SecretScan: Sendable {
    private let needles: ByteNeedles
    /// The variable of each needle.
    private let names: [String]

    /// Shorter values are found everywhere and nowhere.
    package static let leastLength = 8

    /// - Parameter variables: the secret ones, by name.
    package init(_ variables: [String: Secret]) {
        var names: [String] = []
        var needles: [[UInt8]] = []
        for (name, secret) in variables.sorted(by: { $0.key < $1.key }) {
            for form in Self.forms(of: Array(secret.reveal().utf8)) where !needles.contains(form) {
                names.append(name)
                needles.append(form)
            }
        }
        self.names = names
        self.needles = ByteNeedles(needles)
    }

    /// Whether there is nothing to look for.
    package var isEmpty: Bool { names.isEmpty }

    /// The variable whose value is in a text; `nil` if none is.
    package func variable(in text: String) -> String? {
        var text = text
        return text.withUTF8 { needles.first(in: $0) }.map { names[$0] }
    }

    /// The variable whose value is in a file; `nil` if none is.
    ///
    /// - Throws: `FileError`.
    package func variable(inFile path: FilePath, _ files: any FileSystem) throws(FileError) -> String? {
        guard !isEmpty else { return nil }
        var window = Window(of: self)
        var offset: Int64 = 0
        while true {
            let chunk = try files.contents(of: path, from: offset, count: Self.chunk)
            if chunk.isEmpty { return nil }
            offset += Int64(chunk.count)
            if let found = window.variable(inNext: chunk) { return found }
            if chunk.count < Self.chunk { return nil }
        }
    }

    /// Looks through bytes that come in pieces.
    struct Window {
        private let scan: SecretScan
        private var bytes: [UInt8] = []

        init(of scan: SecretScan) { self.scan = scan }

        /// The variable whose value ends in the next piece; `nil` if none does.
        mutating func variable(inNext piece: some Collection<UInt8>) -> String? {
            guard !scan.isEmpty else { return nil }
            // What a secret can have in the pieces before.
            let kept = min(bytes.count, scan.needles.longest - 1)
            bytes.removeFirst(bytes.count - kept)
            bytes += piece
            return bytes.withUnsafeBufferPointer { scan.needles.first(in: $0) }.map { scan.names[$0] }
        }
    }

    static let chunk = 1 << 20

    // MARK: What is looked for

    private static func forms(of value: [UInt8]) -> [[UInt8]] {
        let lines = value.split(whereSeparator: { $0 == 10 || $0 == 13 }).map(Array.init)
        // Of a key in several lines each line counts, however they are joined; its first and last are everybody's.
        let parts = lines.count > 1 ? lines.filter { $0.count >= 32 && !$0.starts(with: "-----".utf8) } : []
        let texts = ([trimmed(value)] + parts).filter { $0.count >= leastLength }
        return texts.flatMap { [$0] + base64(of: $0) + escaped($0) }
    }

    private static func trimmed(_ value: [UInt8]) -> [UInt8] {
        let isSpace = { (byte: UInt8) in byte <= 32 }
        return Array(value.drop(while: isSpace).reversed().drop(while: isSpace).reversed())
    }

    /// Base64 of a text that may have anything before and after it: at each of three places among three bytes, without the
    /// characters that the neighbours decide; in both alphabets.
    private static func base64(of value: [UInt8]) -> [[UInt8]] {
        (0..<3).flatMap { shift -> [[UInt8]] in
            let encoded = Array(Data([UInt8](repeating: 0, count: shift) + value).base64EncodedString().utf8)
            let bits = (shift + value.count) * 8
            let part = Array(encoded[(shift * 8 + 5) / 6..<bits / 6])
            guard part.count >= leastLength else { return [] }
            let plain = Array(
                String(decoding: part, as: UTF8.self).replacing("+", with: "-").replacing("/", with: "_").utf8)
            return plain == part ? [part] : [part, plain]
        }
    }

    private static func escaped(_ value: [UInt8]) -> [[UInt8]] {
        let text = String(decoding: value, as: UTF8.self)
        let url = percentEncoded(value)
        var json = JSONWriter()
        json.value(text)
        let xml = [("&", "&amp;"), ("<", "&lt;"), (">", "&gt;"), ("\"", "&quot;"), ("'", "&apos;")]
            .reduce(text) { $0.replacing($1.0, with: $1.1) }
        let forms = [url, lowercasedEscapes(url), Array(json.bytes.dropFirst().dropLast()), Array(xml.utf8)]
        return forms.filter { $0 != value }
    }

    private static func percentEncoded(_ value: [UInt8]) -> [UInt8] {
        value.flatMap { byte -> [UInt8] in
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "."), UInt8(ascii: "_"),
                UInt8(ascii: "~"):
                [byte]
            default: [UInt8(ascii: "%")] + Array(Hexadecimal.text(of: CollectionOfOne(byte)).uppercased().utf8)
            }
        }
    }

    /// `%2F` as `%2f`.
    private static func lowercasedEscapes(_ text: [UInt8]) -> [UInt8] {
        var text = text
        for index in text.indices where text[index] == UInt8(ascii: "%") && index + 2 < text.count {
            for digit in index + 1...index + 2 where text[digit] >= UInt8(ascii: "A") { text[digit] |= 0x20 }
        }
        return text
    }
}
