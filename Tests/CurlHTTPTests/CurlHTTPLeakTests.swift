#if os(Linux)
    import CICore
    import SystemPackage
    import Testing

    @testable import CurlHTTP

    /// Counts in a process of its own, where nothing else opens and closes.
    struct CurlHTTPLeakTests {
        @Test func `clients leave no descriptor, no thread and no memory behind`() async {
            await #expect(processExitsWith: .success) {
                let server = try ScriptedServer { connection in
                    while case let head = connection.head(), !head.isEmpty {
                        if head.hasPrefix("DELETE") { return }
                        if head.hasPrefix("POST") { _ = connection.waitForClient() }
                        connection.answer(String(repeating: "x", count: 10_000), header: "X-A: b\r\n")
                    }
                }
                for _ in 0..<30 { await Self.live(with: server.url) }
                let before = try Census()
                for _ in 0..<300 { await Self.live(with: server.url) }
                let deadline = ContinuousClock.now + .seconds(60)
                var after = try Census()
                while after.descriptors > before.descriptors || after.threads > before.threads, .now < deadline {
                    await Task.yield()
                    after = try Census()
                }
                #expect(after.descriptors <= before.descriptors)
                #expect(after.threads <= before.threads)
                #expect(after.kilobytes < before.kilobytes + 8 << 10)
            }
        }

        /// A client's life: an answer, a connection that breaks, a time-out, a body that cannot be read, a cancelled task.
        private static func live(with url: String) async {
            let client = CurlHTTP(environment: [:])
            let headers = [HTTPHeader("Authorization", prefix: "Bearer ", secret: Secret("s3cr3t"))]
            _ = await failure(of: HTTPRequest(.get, url, headers: headers), by: client)
            _ = await failure(of: HTTPRequest(.delete, url), by: client)
            _ = await failure(of: HTTPRequest(.post, url, timeout: .milliseconds(5)), by: client)
            let body = HTTPBody([.file("/nonexistent", offset: 0, count: 1)])
            _ = await failure(of: HTTPRequest(.put, url, body: body), by: client)
            let task = Task { await failure(of: HTTPRequest(.post, url), by: client) }
            await Task.yield()
            task.cancel()
            _ = await task.value
        }
    }

    /// What this process holds.
    private struct Census {
        let descriptors: Int
        let threads: Int
        let kilobytes: Int

        init() throws {
            let files = LocalFileSystem()
            descriptors = try files.entries(of: "/proc/self/fd").count
            let status = try files.text(of: "/proc/self/status")
            func number(_ name: String) -> Int {
                let line = status.split(separator: "\n").first { $0.hasPrefix("\(name):") } ?? ""
                return Int(line.filter(\.isNumber)) ?? 0
            }
            threads = number("Threads")
            kilobytes = number("VmRSS")
        }
    }
#endif
