import Synchronization

@testable import CurlHTTP

#if canImport(Glibc)
    import Glibc
#elseif canImport(Darwin)
    import Darwin
#endif

/// A TCP server on a free port of loopback that does to its connections what a script says, faults included; it ends
/// with this object.
final class ScriptedServer: Sendable {
    let port: Int
    private let listener: Int32
    private let count = Mutex(0)

    /// Connections accepted so far.
    var connections: Int { count.withLock { $0 } }

    var url: String { "http://127.0.0.1:\(port)" }

    /// The script gets each connection on a thread of its own; what it leaves open is closed after it.
    init(_ script: @escaping @Sendable (ScriptedConnection) -> Void) throws {
        listener = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_addr.s_addr = in_addr_t(0x7f00_0001).bigEndian
        var size = socklen_t(MemoryLayout<sockaddr_in>.size)
        let port =
            withUnsafeMutablePointer(to: &address) { [listener] pointer in
                pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { address in
                    bind(listener, address, size) == 0 && listen(listener, 256) == 0
                        && getsockname(listener, address, &size) == 0
                }
            }
            ? Int(UInt16(bigEndian: address.sin_port)) : 0
        self.port = port
        guard port > 0 else { throw ScriptedServerError() }
        // Threads of their own: those of Dispatch are also Swift's, which must not wait.
        let hasStarted = NetworkThread.start { [listener, weak self] in
            while case let descriptor = accept(listener, nil, nil), descriptor >= 0 {
                self?.count.withLock { $0 += 1 }
                if !NetworkThread.start({ ScriptedConnection.play(script, on: descriptor) }) { close(descriptor) }
            }
            close(listener)
        }
        guard hasStarted else { throw ScriptedServerError() }
    }

    deinit { shutdown(listener, Int32(SHUT_RDWR)) }
}

/// The test's server has no port or no thread.
struct ScriptedServerError: Error {}

/// One connection from the server's side; no call waits longer than two minutes.
final class ScriptedConnection {
    private var descriptor: Int32

    private init(_ descriptor: Int32) {
        self.descriptor = descriptor
        var limit = timeval(tv_sec: 120, tv_usec: 0)
        let size = socklen_t(MemoryLayout<timeval>.size)
        setsockopt(descriptor, SOL_SOCKET, SO_RCVTIMEO, &limit, size)
        setsockopt(descriptor, SOL_SOCKET, SO_SNDTIMEO, &limit, size)
    }

    fileprivate static func play(_ script: (ScriptedConnection) -> Void, on descriptor: Int32) {
        let connection = ScriptedConnection(descriptor)
        script(connection)
        connection.end()
    }

    /// The next request's head; empty once the client is gone.
    func head() -> String {
        var bytes: [UInt8] = []
        var byte: UInt8 = 0
        while !bytes.ends(with: "\r\n\r\n"), recv(descriptor, &byte, 1, 0) == 1 { bytes.append(byte) }
        return String(decoding: bytes, as: UTF8.self)
    }

    /// Takes bytes of a body.
    func skip(_ count: Int) {
        var chunk = [UInt8](repeating: 0, count: 64 << 10)
        var left = count
        while left > 0 {
            let got = recv(descriptor, &chunk, min(chunk.count, left), 0)
            guard got > 0 else { return }
            left -= got
        }
    }

    /// `false` once the client is gone.
    @discardableResult
    func write(_ text: String) -> Bool { write(Array(text.utf8)) }

    @discardableResult
    func write(_ bytes: [UInt8]) -> Bool {
        var rest = bytes[...]
        while !rest.isEmpty {
            let count = rest.withUnsafeBytes {
                send(descriptor, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL))
            }
            guard count > 0 else { return false }
            rest = rest.dropFirst(count)
        }
        return true
    }

    /// A whole answer, after which the connection stays open.
    func answer(_ body: String, status: String = "200 OK", header: String = "") {
        write("HTTP/1.1 \(status)\r\nContent-Length: \(body.utf8.count)\r\n\(header)\r\n\(body)")
    }

    /// Waits until the client closes; `false` after two minutes.
    func waitForClient() -> Bool {
        var chunk = [UInt8](repeating: 0, count: 64 << 10)
        while true {
            let count = recv(descriptor, &chunk, chunk.count, 0)
            if count == 0 || count < 0 && errno == ECONNRESET { return true }
            if count < 0 { return false }
        }
    }

    /// Ends it with a reset instead of a proper close.
    func reset() {
        var linger = linger(l_onoff: 1, l_linger: 0)
        setsockopt(descriptor, SOL_SOCKET, SO_LINGER, &linger, socklen_t(MemoryLayout<linger>.size))
        end()
    }

    private func end() {
        if descriptor >= 0 { close(descriptor) }
        descriptor = -1
    }
}

extension [UInt8] {
    fileprivate func ends(with text: String) -> Bool { suffix(text.utf8.count).elementsEqual(text.utf8) }
}
