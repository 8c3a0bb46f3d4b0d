import CCurl
import CICore

/// One exchange in libcurl's hands; belongs to the loop's thread.
final class Transfer {
    let order: TransferOrder
    /// libcurl's handle.
    let easy: UnsafeMutableRawPointer
    private var buffer: AnswerBuffer
    private let body: BodyReader
    private var state = State()
    private var headerList: UnsafeMutablePointer<curl_slist>?
    private let words = UnsafeMutablePointer<CChar>.allocate(capacity: Int(CURL_ERROR_SIZE))

    /// What callbacks leave behind.
    private struct State {
        /// Why a callback ended the transfer.
        var failure: HTTPError?
        /// How often the request was about to be sent.
        var attempts = 0
    }

    init(_ order: TransferOrder) throws(HTTPError) {
        guard let easy = dtci_easy_new() else { throw .noMemory }
        self.order = order
        self.easy = easy
        buffer = AnswerBuffer(limit: order.request.request.answerLimit)
        body = BodyReader(order.request.request.body)
        words.initialize(repeating: 0, count: Int(CURL_ERROR_SIZE))
        try setUp()
    }

    deinit {
        dtci_easy_free(easy)
        dtci_list_free(headerList)
        words.deallocate()
    }

    private func setUp() throws(HTTPError) {
        for line in order.request.headerLines {
            guard let longer = dtci_list_append(headerList, line) else { throw .noMemory }
            headerList = longer
        }
        var options = CurlOptions(easy)
        options.set(CURLOPT_HTTPHEADER, pointer: headerList)
        options.set(CURLOPT_ERRORBUFFER, pointer: words)
        options.apply(order.request)
        options.apply(order.settings, to: order.request)
        attach(&options)
        if let refused = options.refused {
            throw HTTPError(
                code: .badURL,
                description: "the request to \(order.request.origin) was not sent: \(TransferFailure.words(refused))")
        }
    }

    private func attach(_ options: inout CurlOptions) {
        let context = Unmanaged.passUnretained(self).toOpaque()
        options.set(CURLOPT_HEADERFUNCTION) { Transfer.of($3)?.take(headerLine: .init(start: $0, count: $1 * $2)) ?? 0 }
        options.set(CURLOPT_WRITEFUNCTION) { Transfer.of($3)?.take(body: .init(start: $0, count: $1 * $2)) ?? 0 }
        options.set(CURLOPT_READFUNCTION) {
            Transfer.of($3)?.give(.init(start: $0, count: $1 * $2)) ?? Int(CURL_READFUNC_ABORT)
        }
        options.setSeek { Transfer.of($0)?.seek(to: Int64($1), from: $2) ?? CURL_SEEKFUNC_FAIL }
        for option in [CURLOPT_HEADERDATA, CURLOPT_WRITEDATA, CURLOPT_READDATA, CURLOPT_SEEKDATA] {
            options.set(option, pointer: context)
        }
        options.setRequestNotice(context) { context, _, _, _, _ in Transfer.of(context)?.mayBeSent() ?? 1 }
    }

    private static func of(_ context: UnsafeMutableRawPointer?) -> Transfer? {
        context.map { Unmanaged<Transfer>.fromOpaque($0).takeUnretainedValue() }
    }
}

// MARK: libcurl's calls

extension Transfer {
    private func take(headerLine line: UnsafeRawBufferPointer) -> Int {
        if buffer.take(headerLine: line) { return line.count }
        state.failure = failure(.broken, "the answer's header is too large")
        return 0
    }

    private func take(body part: UnsafeRawBufferPointer) -> Int { buffer.take(body: part) ? part.count : 0 }

    private func give(_ room: UnsafeMutableRawBufferPointer) -> Int {
        do throws(HTTPError) {
            return try body.read(into: room)
        } catch {
            state.failure = error
            return Int(CURL_READFUNC_ABORT)
        }
    }

    private func seek(to offset: Int64, from origin: Int32) -> Int32 {
        guard origin == SEEK_SET, offset >= 0 else { return CURL_SEEKFUNC_CANTSEEK }
        body.seek(to: offset)
        return CURL_SEEKFUNC_OK
    }

    /// Lets a request out, but one that must not be done twice only once: over a connection that was used before and
    /// ends without an answer, libcurl would send it again by itself.
    private func mayBeSent() -> Int32 {
        state.attempts += 1
        guard state.attempts > 1, !order.request.request.method.isIdempotent else { return CURL_PREREQFUNC_OK }
        state.failure = failure(.broken, "the connection ended before the answer came")
        return CURL_PREREQFUNC_ABORT
    }
}

// MARK: How it ended

extension Transfer {
    /// The outcome for the one who waits.
    func answer(_ code: CURLcode) -> TransferOrder.Answer {
        if let failure = state.failure { return .failure(failure) }
        if code == CURLE_OK || buffer.isTruncated {
            return .success(buffer.response(status: dtci_easy_number(easy, CURLINFO_RESPONSE_CODE)))
        }
        let words = words.pointee == 0 ? TransferFailure.words(code) : String(cString: words)
        let proxyStatus = dtci_easy_number(easy, CURLINFO_HTTP_CONNECTCODE)
        let reason = TransferFailure.code(for: code, words: words, proxyStatus: proxyStatus)
        return .failure(failure(reason, words))
    }

    /// The outcome when its task was cancelled.
    var cancellation: HTTPError { failure(.cancelled, "the request was cancelled") }

    private func failure(_ code: HTTPError.Code, _ words: String) -> HTTPError {
        let wasSent = state.attempts > 0 || dtci_easy_size(easy, CURLINFO_PRETRANSFER_TIME_T) > 0
        return HTTPError(
            code: code, mayHaveBeenDone: wasSent && code != .tls && code != .notConnected && code != .bodyUnreadable,
            description: SafeText.line("no answer from \(order.request.origin): \(words)"))
    }
}
