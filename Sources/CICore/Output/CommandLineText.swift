/// Writes arguments so that other programs read them back unchanged.
package enum CommandLineText {
    /// One word for a POSIX shell, quoted only where that is needed.
    package static func shellQuoted(_ word: String) -> String {
        let isPlain = !word.isEmpty && word.utf8.allSatisfy(isPlainInShell)
        guard !isPlain else { return word }
        return "'" + word.split(separator: "'", omittingEmptySubsequences: false).joined(separator: "'\\''") + "'"
    }

    /// One word to show and to paste into a shell: where quotes alone would leave in it what a terminal or a CI
    /// service acts upon, as `$'…'`, which bash, zsh and ksh read.
    package static func shellShown(_ word: String) -> String {
        let quoted = shellQuoted(word)
        guard SafeText.line(quoted, limit: .max) != quoted else { return quoted }
        var text = "$'"
        for byte in word.utf8 {
            switch byte {
            case UInt8(ascii: "'"), UInt8(ascii: "\\"), UInt8(ascii: "#"), 0x00..<0x20, 0x7f...:
                text += "\\x" + (byte < 16 ? "0" : "") + String(byte, radix: 16)
            default:
                text.unicodeScalars.append(Unicode.Scalar(byte))
            }
        }
        return text + "'"
    }

    /// The text as a regular expression that matches just it, for RE2, ICU, PCRE, Ruby, JavaScript and CMake alike.
    package static func regexEscaped(_ text: String) -> String {
        var result = ""
        for scalar in text.unicodeScalars {
            if "\\.+*?()|[]{}^$".unicodeScalars.contains(scalar) { result.unicodeScalars.append("\\") }
            result.unicodeScalars.append(scalar)
        }
        return result
    }

    private static func isPlainInShell(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"):
            true
        default:
            "_-./:=@%+,".utf8.contains(byte)
        }
    }
}
