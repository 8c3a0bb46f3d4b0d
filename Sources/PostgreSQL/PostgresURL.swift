import CICore

/// Where a database is: `postgres://USER:PASSWORD@HOST:PORT/DATABASE?sslmode=verify-full`, with everything that libpq
/// knows of.
///
/// It prints without its password. What a URL leaves out comes from libpq's own variables and files (`PGPASSWORD`,
/// `~/.pgpass`, `PGSSLMODE`), as with every other client.
package struct PostgresURL: Sendable, Hashable, CustomStringConvertible {
    /// All of it, for libpq alone.
    let text: Secret
    /// Without passwords and without control characters.
    package let description: String
    private let passwords: [Secret]

    /// The schemes that libpq takes.
    package static let schemes = ["postgres", "postgresql"]

    /// Throws `.malformedURL` for what is no URL of a server.
    package init(_ text: String) throws(PostgresError) {
        let scheme = text.prefix { $0 != ":" }
        guard Self.schemes.contains(String(scheme)), text.dropFirst(scheme.count).hasPrefix("://"),
            !text.utf8.contains(where: { $0 < 0x21 || $0 == 0x7F })
        else {
            throw PostgresError(
                .malformedURL,
                "this is no URL of a PostgreSQL server; it looks like postgres://USER@HOST:5432/DATABASE")
        }
        let rest = text.dropFirst(scheme.count + 3)
        let authority = rest.prefix { $0 != "/" && $0 != "?" }
        var shown = String(scheme) + "://"
        var passwords: [String] = []
        if let at = authority.lastIndex(of: "@") {
            let user = authority[..<at]
            if let colon = user.firstIndex(of: ":") {
                passwords.append(String(user[user.index(after: colon)...]))
                shown += user[..<colon] + ":•••"
            } else {
                shown += user
            }
            shown += authority[at...]
        } else {
            shown += authority
        }
        shown += rest[authority.endIndex...].prefix { $0 != "?" }
        if let query = rest.firstIndex(of: "?") {
            shown += "?" + Self.masked(query: rest[rest.index(after: query)...], &passwords)
        }
        self.text = Secret(text)
        description = SafeText.line(shown, limit: 300)
        self.passwords = (passwords + passwords.compactMap(\.percentDecoded)).filter { !$0.isEmpty }.map(Secret.init)
    }

    private static func masked(query: Substring, _ passwords: inout [String]) -> String {
        query.split(separator: "&").map { part in
            let name = part.prefix { $0 != "=" }
            guard name.lowercased().contains("password"), name.count < part.count else { return String(part) }
            passwords.append(String(part.dropFirst(name.count + 1)))
            return "\(name)=•••"
        }.joined(separator: "&")
    }

    /// The text on one line and without the URL's passwords, whoever wrote it.
    func scrubbed(_ words: String) -> String {
        var words = words
        for password in passwords { words = words.replacing(password.reveal(), with: "•••") }
        let lines = words.split(separator: "\n").map { $0.drop(while: \.isWhitespace) }
        return SafeText.line(lines.joined(separator: "; "), limit: 400)
    }
}

extension String {
    /// `nil` where it is no text.
    fileprivate var percentDecoded: String? {
        var bytes: [UInt8] = []
        var rest = utf8[...]
        while let byte = rest.popFirst() {
            if byte == UInt8(ascii: "%"), let number = UInt8(String(decoding: rest.prefix(2), as: UTF8.self), radix: 16)
            {
                bytes.append(number)
                rest = rest.dropFirst(2)
            } else {
                bytes.append(byte)
            }
        }
        return String(validating: bytes, as: UTF8.self)
    }
}
