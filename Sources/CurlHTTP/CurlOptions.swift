import CCurl
import CICore

/// Sets libcurl's options and remembers the first that it refused.
struct CurlOptions {
    /// The first refusal of an option that matters.
    private(set) var refused: CURLcode?
    private let easy: UnsafeMutableRawPointer

    init(_ easy: UnsafeMutableRawPointer) { self.easy = easy }

    mutating func set(_ option: CURLoption, _ value: Int) { note(dtci_easy_set_number(easy, option, value)) }

    mutating func set(_ option: CURLoption, size: Int64) { note(dtci_easy_set_size(easy, option, curl_off_t(size))) }

    /// libcurl copies the text.
    mutating func set(_ option: CURLoption, _ text: String) { note(dtci_easy_set_text(easy, option, text)) }

    mutating func set(_ option: CURLoption, pointer: UnsafeMutableRawPointer?) {
        note(dtci_easy_set_pointer(easy, option, pointer))
    }

    mutating func set(_ option: CURLoption, _ callback: @escaping dtci_data_callback) {
        note(dtci_easy_set_data_callback(easy, option, callback))
    }

    mutating func setSeek(_ callback: @escaping dtci_seek_callback) {
        note(dtci_easy_set_seek_callback(easy, CURLOPT_SEEKFUNCTION, callback))
    }

    /// Asks the callback before each sending; a library that is too old for that gets a connection of its own for each
    /// request, over which it does not send again.
    mutating func setRequestNotice(_ context: UnsafeMutableRawPointer, _ callback: @escaping dtci_request_callback) {
        if dtci_easy_set_request_callback(easy, .requestNotice, callback) == CURLE_OK {
            set(.requestNoticeContext, pointer: context)
        } else {
            set(CURLOPT_FRESH_CONNECT, 1)
        }
    }

    private mutating func note(_ code: CURLcode) {
        if code != CURLE_OK, refused == nil { refused = code }
    }
}

extension CurlOptions {
    /// What is asked for.
    mutating func apply(_ checked: CheckedRequest) {
        let request = checked.request
        set(CURLOPT_URL, request.url)
        // As it is written: percent-encoded dots are names and no steps upwards.
        set(CURLOPT_PATH_AS_IS, 1)
        set(CURLOPT_NOSIGNAL, 1)
        set(CURLOPT_FOLLOWLOCATION, 0)
        set(CURLOPT_ACCEPT_ENCODING, "")
        let milliseconds = max(1, Int(request.timeout / .milliseconds(1)))
        set(CURLOPT_TIMEOUT_MS, milliseconds)
        set(CURLOPT_CONNECTTIMEOUT_MS, milliseconds)
        limitProtocols()
        // Where the library can: HTTP/2 over TLS, and no waiting for a resolver that nobody waits for any more.
        _ = dtci_easy_set_number(easy, CURLOPT_HTTP_VERSION, Int(CURL_HTTP_VERSION_2TLS))
        _ = dtci_easy_set_number(easy, .quickExit, 1)
        apply(request.method, bodySize: request.body.count)
    }

    private mutating func limitProtocols() {
        if dtci_easy_set_text(easy, .protocols, "http,https") != CURLE_OK { set(.oldProtocols, 3) }
    }

    private mutating func apply(_ method: HTTPRequest.Method, bodySize: Int64) {
        switch method {
        case .head: set(CURLOPT_NOBODY, 1)
        case .get, .delete:
            if bodySize > 0 { upload(bodySize) }
        case .post, .put, .patch: upload(bodySize)
        }
        if method != .head { set(CURLOPT_CUSTOMREQUEST, method.rawValue) }
    }

    private mutating func upload(_ size: Int64) {
        set(CURLOPT_UPLOAD, 1)
        set(CURLOPT_INFILESIZE_LARGE, size: size)
    }

    /// Which way it takes.
    mutating func apply(_ settings: NetworkSettings, to checked: CheckedRequest) {
        set(CURLOPT_USERAGENT, settings.agent)
        let own = checked.request.proxy.map(ProxyAddress.init)
        let proxy = own ?? (checked.isSecure ? settings.secureProxy : settings.plainProxy)
        // Empty texts keep libcurl from looking into the process's own environment.
        set(CURLOPT_PROXY, proxy?.address ?? "")
        set(CURLOPT_NOPROXY, own == nil ? settings.noProxy : "")
        // Our headers are for the server and not for a proxy that only makes a tunnel.
        set(CURLOPT_HEADEROPT, Int(CURLHEADER_SEPARATE))
        set(CURLOPT_SUPPRESS_CONNECT_HEADERS, 1)
        if let user = proxy?.user { set(CURLOPT_PROXYUSERNAME, user) }
        if let password = proxy?.password { set(CURLOPT_PROXYPASSWORD, password.reveal()) }
        if let file = settings.certificateFile {
            set(CURLOPT_CAINFO, file)
            set(CURLOPT_PROXY_CAINFO, file)
        }
        if let directory = settings.certificateDirectory {
            set(CURLOPT_CAPATH, directory)
            set(CURLOPT_PROXY_CAPATH, directory)
        }
    }
}

/// Options by number, which never changes: older headers than the library lack the newer names, newer ones warn of the
/// old name.
extension CURLoption {
    fileprivate static let oldProtocols = CURLoption(rawValue: 181)
    /// Since 7.80.
    fileprivate static let requestNotice = CURLoption(rawValue: 20_312)
    /// Since 7.80.
    fileprivate static let requestNoticeContext = CURLoption(rawValue: 10_313)
    /// Since 7.85.
    fileprivate static let protocols = CURLoption(rawValue: 10_318)
    /// Since 7.87.
    fileprivate static let quickExit = CURLoption(rawValue: 322)
}
