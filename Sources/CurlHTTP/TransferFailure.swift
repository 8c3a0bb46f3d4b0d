import CCurl
import CICore

/// What libcurl's results mean here.
enum TransferFailure {
    /// libcurl's words for a result.
    static func words(_ code: CURLcode) -> String {
        dtci_curl_words(code).map { String(cString: $0) } ?? "libcurl error \(code.rawValue)"
    }

    /// The error of ours. `words` are libcurl's, for what its codes do not tell apart; `proxyStatus` is that of a proxy's
    /// answer to `CONNECT`, 0 if there was none.
    static func code(for code: CURLcode, words: String, proxyStatus: Int) -> HTTPError.Code {
        if proxyStatus != 0, !(200..<300).contains(proxyStatus) { return .notConnected }
        switch code {
        case CURLE_COULDNT_RESOLVE_HOST, CURLE_COULDNT_RESOLVE_PROXY: return .notResolved
        case CURLE_COULDNT_CONNECT, CURLE_PROXY, CURLE_INTERFACE_FAILED: return .notConnected
        case CURLE_URL_MALFORMAT: return .badURL
        case CURLE_OPERATION_TIMEDOUT: return .timedOut
        case CURLE_SSL_CONNECT_ERROR:
            // A connection that breaks during the handshake says nothing about certificates and is worth a retry.
            return words.contains("reset by peer") || words.contains("SSL_ERROR_SYSCALL") ? .notConnected : .tls
        case let code where tls.contains(code): return .tls
        default: return .broken
        }
    }

    private static let tls = [
        CURLE_PEER_FAILED_VERIFICATION, CURLE_SSL_CACERT_BADFILE, CURLE_SSL_CERTPROBLEM, CURLE_SSL_CIPHER,
        CURLE_SSL_CRL_BADFILE, CURLE_SSL_ENGINE_INITFAILED, CURLE_SSL_ENGINE_NOTFOUND, CURLE_SSL_ENGINE_SETFAILED,
        CURLE_SSL_INVALIDCERTSTATUS, CURLE_SSL_ISSUER_ERROR, CURLE_SSL_PINNEDPUBKEYNOTMATCH, CURLE_USE_SSL_FAILED,
        CURLE_SSL_CLIENTCERT,
    ]
}
