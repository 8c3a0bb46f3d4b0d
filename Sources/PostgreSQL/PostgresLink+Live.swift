import CICore
import CPostgres

#if canImport(Glibc)
    import Glibc
#elseif canImport(Darwin)
    import Darwin
#endif

/// A connection that exists, and what was prepared on it; it ends with its last reference.
final class PostgresLink {
    private let handle: UnsafeMutableRawPointer
    private let url: PostgresURL
    private var prepared: [String: String] = [:]

    /// Connects.
    ///
    /// - Throws: `.unreachable`, `.denied` or `.malformedURL`.
    init(_ url: PostgresURL, until deadline: ContinuousClock.Instant) throws(PostgresError) {
        self.url = url
        guard let handle = dtci_pq_connect(url.text.reveal(), "dt-ci") else {
            throw PostgresError(.unreachable, "\(url) was not asked: there is no memory left")
        }
        self.handle = handle
        var wants = PGRES_POLLING_WRITING
        while dtci_pq_status(handle) != CONNECTION_BAD, wants != PGRES_POLLING_OK {
            guard wants != PGRES_POLLING_FAILED else { break }
            guard wait(for: wants == PGRES_POLLING_READING ? POLLIN : POLLOUT, until: deadline) else {
                throw PostgresError(.unreachable, "\(url) does not answer: check the address and the firewall")
            }
            wants = dtci_pq_connect_poll(handle)
        }
        guard dtci_pq_status(handle) == CONNECTION_OK else { throw Self.refusal(of: handle, url) }
        guard dtci_pq_set_nonblocking(handle) == 1 else { throw lost() }
    }

    deinit { dtci_pq_close(handle) }

    /// `false` once it is known to be broken.
    var isUsable: Bool { dtci_pq_status(handle) == CONNECTION_OK }

    var socket: Int32 { dtci_pq_socket(handle) }

    func rows(
        _ statement: String, _ values: [PostgresValue], until deadline: ContinuousClock.Instant
    ) throws(PostgresError) -> PostgresRows {
        let name = try prepare(statement, count: values.count, until: deadline)
        let wires = values.map(\.wire)
        var bytes = wires.map { $0?.bytes ?? [] }
        // An empty array has no address, and an address is what tells it from null.
        for index in bytes.indices where bytes[index].isEmpty { bytes[index] = [0] }
        let lengths = wires.map { Int32($0?.bytes.count ?? 0) }
        let formats = wires.map { Int32($0?.isBinary == true ? 1 : 0) }
        let flat = bytes.flatMap(\.self)
        let sent = flat.withUnsafeBytes { buffer in
            var offset = 0
            let pointers = bytes.indices.map { index -> UnsafePointer<CChar>? in
                defer { offset += bytes[index].count }
                guard wires[index] != nil else { return nil }
                return buffer.baseAddress?.advanced(by: offset).assumingMemoryBound(to: CChar.self)
            }
            return dtci_pq_send_prepared(handle, name, Int32(values.count), pointers, lengths, formats)
        }
        guard sent == 1 else { throw lost() }
        return try answer(until: deadline)
    }

    func execute(_ script: String, until deadline: ContinuousClock.Instant) throws(PostgresError) {
        guard dtci_pq_send(handle, script) == 1 else { throw lost() }
        _ = try answer(until: deadline)
    }

    /// Reads what has come without being asked for: the channels that were notified; `nil` once the server has gone.
    func notifications() -> [String]? { dtci_pq_consume(handle) == 1 ? readNotifications() : nil }

    /// The channels of notifications that came along with answers.
    func readNotifications() -> [String] {
        var channels: [String] = []
        while let channel = dtci_pq_notification(handle) {
            channels.append(String(cString: channel))
            free(channel)
        }
        return channels
    }

    private func prepare(
        _ statement: String, count: Int, until deadline: ContinuousClock.Instant
    ) throws(PostgresError) -> String {
        if let name = prepared[statement] { return name }
        let name = "s\(prepared.count)"
        guard dtci_pq_send_prepare(handle, name, statement, 0, nil) == 1 else { throw lost() }
        _ = try answer(until: deadline)
        prepared[statement] = name
        return name
    }

    /// The rows of the last result; the first failure is thrown after everything was read.
    private func answer(until deadline: ContinuousClock.Instant) throws(PostgresError) -> PostgresRows {
        var rows: PostgresRows?
        var failure: PostgresError?
        try flush(until: deadline)
        while true {
            while dtci_pq_is_busy(handle) == 1 {
                guard wait(for: POLLIN, until: deadline) else {
                    throw PostgresError(.timedOut, "\(url) gave no answer in time")
                }
                guard dtci_pq_consume(handle) == 1 else { throw lost() }
            }
            guard let result = dtci_pq_result(handle) else { break }
            defer { dtci_pq_result_free(result) }
            switch dtci_pq_result_status(result) {
            case PGRES_COMMAND_OK, PGRES_TUPLES_OK, PGRES_EMPTY_QUERY: rows = PostgresRows(result)
            default: failure = failure ?? refusal(of: result)
            }
        }
        if let failure { throw failure }
        guard let rows else { throw lost() }
        return rows
    }

    private func flush(until deadline: ContinuousClock.Instant) throws(PostgresError) {
        while true {
            switch dtci_pq_flush(handle) {
            case 0: return
            case 1:
                // The server may have to be heard before it listens on.
                guard wait(for: POLLIN | POLLOUT, until: deadline) else {
                    throw PostgresError(.timedOut, "\(url) takes no data")
                }
                guard dtci_pq_consume(handle) == 1 else { throw lost() }
            default: throw lost()
            }
        }
    }

    /// `false` when the deadline has passed.
    private func wait(for events: Int32, until deadline: ContinuousClock.Instant) -> Bool {
        while true {
            let left = ContinuousClock.now.duration(to: deadline) / .milliseconds(1)
            guard left > 0 else { return false }
            var descriptor = pollfd(fd: socket, events: Int16(events), revents: 0)
            let count = poll(&descriptor, 1, Int32(min(left.rounded(.up), 60_000)))
            if count > 0 { return true }
            if count < 0, errno != EINTR { return true }
        }
    }
}

// MARK: Failures

extension PostgresLink {
    private func lost() -> PostgresError {
        let words = url.scrubbed(String(cString: dtci_pq_words(handle)))
        return PostgresError(.lost, "the connection to \(url) was lost\(words.isEmpty ? "" : " (\(words))")")
    }

    private func refusal(of result: UnsafeMutableRawPointer) -> PostgresError {
        guard let characters = dtci_pq_result_state(result) else { return lost() }
        let state = String(cString: characters)
        let words = url.scrubbed(String(cString: dtci_pq_result_words(result)))
        switch state {
        case "57P01", "57P02", "57P03": return PostgresError(.lost, "the server of \(url) shuts down (\(words))")
        case "57014": return PostgresError(.timedOut, "\(url) ended a statement that took too long (\(words))")
        case "40001", "40P01", "55P03": return PostgresError(.conflict, "\(url) is busy (\(words))")
        default:
            return PostgresError(.refused(state: state), "\(url) refused a statement: \(words) (SQLSTATE \(state))")
        }
    }

    private static func refusal(of handle: UnsafeMutableRawPointer, _ url: PostgresURL) -> PostgresError {
        let words = url.scrubbed(String(cString: dtci_pq_words(handle)))
        let lowercased = words.lowercased()
        if lowercased.hasPrefix("invalid") {
            return PostgresError(.malformedURL, "libpq cannot read \(url): check its options")
        }
        let isPassing = ["starting up", "shutting down", "in recovery", "too many c", "remaining connection slots"]
            .contains(where: lowercased.contains)
        if !isPassing,
            ["fatal:", "ssl", "certificate", "no password", "authentication"].contains(where: lowercased.contains)
        {
            return PostgresError(
                .denied, "\(url) lets nobody in like this: \(words); check user, password, database and sslmode")
        }
        return PostgresError(.unreachable, "\(url) cannot be reached: \(words)")
    }
}
