package import CICore

#if canImport(Glibc)
    import Glibc
#elseif canImport(Darwin)
    import Darwin
#endif

/// HTTP by libcurl, which is opened with the first request: HTTP/2 over TLS, connections used again, one thread for all
/// requests, which ends with this object.
package final class CurlHTTP: HTTPPort {
    private let settings: NetworkSettings
    private let library: CurlLibrary
    let queue = TransferQueue()

    /// - Parameters:
    ///   - environment: names proxies (`HTTPS_PROXY`, `http_proxy`, `ALL_PROXY`, `NO_PROXY`) and certificates
    ///     (`SSL_CERT_FILE`, `CURL_CA_BUNDLE`, `REQUESTS_CA_BUNDLE`, `SSL_CERT_DIR`); the process's own is not looked at.
    ///   - agent: what `User-Agent` says, such as `dt-ci/1.0.0`.
    package convenience init(environment: [String: String], agent: String = "dt-ci") {
        self.init(environment: environment, agent: agent, library: .system)
    }

    init(environment: [String: String], agent: String, library: CurlLibrary) {
        settings = NetworkSettings(environment: environment, agent: agent, isDirectory: Self.isDirectory)
        self.library = library
    }

    /// Whether a directory stands at a path.
    static func isDirectory(_ path: String) -> Bool {
        var status = stat()
        return stat(path, &status) == 0 && status.st_mode & S_IFMT == S_IFDIR
    }

    deinit { queue.close() }

    package func send(_ request: HTTPRequest) async throws(HTTPError) -> HTTPResponse {
        let checked = try CheckedRequest(request)
        guard library.open() else { throw CurlLibrary.missing }
        guard queue.open({ TransferLoop.start(queue) }) else { throw HTTPError.noMemory }
        let id = TransferOrder.ID()
        let answer = await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                queue.post(
                    TransferOrder(id: id, request: checked, settings: settings, continuation: continuation))
            }
        } onCancel: {
            queue.cancel(id)
        }
        return try answer.get()
    }
}
