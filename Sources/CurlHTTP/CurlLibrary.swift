import CCurl

/// libcurl, opened when first needed, so that commands which speak no HTTP neither need nor load it.
enum CurlLibrary {
    /// The version of the library on this machine; `nil` if there is none.
    static var version: String? {
        guard dtci_curl_open() == 0, let text = dtci_curl_version() else { return nil }
        return String(cString: text)
    }
}
