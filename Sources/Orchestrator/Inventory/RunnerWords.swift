import CICore

/// Cuts a tool's own words down to what an error may carry.
enum RunnerWords {
    /// Bytes that are kept: enough for a compiler's first errors or a traceback.
    static let limit = 16 << 10

    /// The end of standard output and of standard error: tools explain themselves on either, and write noise on both.
    static func tail(of process: CapturedProcess) -> String {
        let output = tail(of: process.standardOutput, limit: limit / 2)
        let errors = tail(of: process.standardError, limit: limit / 2)
        return output.isEmpty || errors.isEmpty ? output + errors : "\(output)\n\(errors)"
    }

    /// The end of an output from a whole line on, without blank edges.
    static func tail(of bytes: [UInt8], limit: Int = limit) -> String {
        var kept = bytes[...]
        if bytes.count > limit {
            kept = bytes.suffix(limit)
            if let newline = kept.firstIndex(of: UInt8(ascii: "\n")) { kept = kept[(newline + 1)...] }
        }
        while let first = kept.first, isBlank(first) { kept = kept.dropFirst() }
        while let last = kept.last, isBlank(last) { kept = kept.dropLast() }
        return String(decoding: kept, as: UTF8.self)
    }

    /// As `tail(of:)`, on text.
    static func tail(of text: String, limit: Int = limit) -> String { tail(of: Array(text.utf8), limit: limit) }

    private static func isBlank(_ byte: UInt8) -> Bool { byte == 0x20 || (0x09...0x0d).contains(byte) }
}
