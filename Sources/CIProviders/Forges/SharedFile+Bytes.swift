import CICore
import SystemPackage

extension SharedFile {
    /// The whole content, for APIs that want it inside of a document.
    ///
    /// - Throws: `APIError.refused` for more than `limit` bytes and for a file that cannot be read.
    func bytes(from files: any FileSystem, limit: Int) throws(APIError) -> [UInt8] {
        switch content {
        case .bytes(let bytes):
            guard bytes.count <= limit else { throw tooLarge(limit) }
            return bytes
        case .file(let path, _):
            do {
                return try files.contents(of: path, limit: limit)
            } catch {
                throw error.errno == .fileTooLarge
                    ? tooLarge(limit) : APIError(.refused, "\(name)", detail: error.description)
            }
        }
    }

    private func tooLarge(_ limit: Int) -> APIError {
        APIError(.refused, "\(name)", detail: "the API takes files of at most \(limit >> 20) MiB")
    }
}

extension APIAnswer {
    /// The error for an answer that is not what the API's description says.
    func malformed(_ detail: String) -> APIError {
        APIError(.malformed, what, status: status, detail: detail, response: response)
    }
}

extension APIClient {
    /// Waits up to that long, so that several who collided don't collide again.
    func pause(_ longest: Duration) async throws(APIError) {
        let share = exchange.ports.random(0.2...1)
        do {
            try await exchange.ports.clock.sleep(for: longest * share)
        } catch {
            throw APIError(.cancelled, title, detail: "ended while waiting")
        }
    }
}
