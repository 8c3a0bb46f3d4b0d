import CCurl
import CICore

/// libcurl, opened when first needed, so that commands which speak no HTTP neither need nor load it.
struct CurlLibrary: Sendable {
    /// Opens it, the first time; `false` if it is not on this machine.
    let open: @Sendable () -> Bool

    /// The one of this machine.
    static let system = CurlLibrary { dtci_curl_open() == 0 }

    /// The version of the library on this machine; `nil` if there is none.
    static var version: String? {
        guard system.open(), let text = dtci_curl_version() else { return nil }
        return String(cString: text)
    }

    /// What it does TLS with, such as `OpenSSL/3.0.15`; `nil` if it cannot or is not there.
    static var tls: String? {
        guard system.open(), let text = dtci_curl_tls() else { return nil }
        return String(cString: text)
    }

    /// What to do without it.
    static let missing = HTTPError(
        code: .libraryMissing,
        description: "libcurl 7.68 or newer is not installed here: install the package libcurl4 (Debian, Ubuntu) or "
            + "libcurl (others)")
}
