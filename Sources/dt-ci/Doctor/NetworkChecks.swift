import CICore
import CurlHTTP
import Reporting
import SystemPackage

/// The way out, as findings: libcurl, proxy, certificates, and whether the forge's API answers.
struct NetworkChecks {
    let surroundings: Surroundings
    /// Whether reports are to be posted here.
    let isNeeded: Bool

    /// What is known without sending anything; `url` is that of the forge's API.
    func settings(for url: String?) -> [Finding] {
        let address = url ?? "https://"
        let route = NetworkRoute(to: address, environment: surroundings.environment)
        return [library] + [proxy(route, to: url), certificates(route)].compactMap(\.self)
    }

    /// What the exchanges with the forge's API tell; asks it once without a token where there was none.
    func exchanges(with forge: (title: String, base: String), through http: WatchedHTTP) async -> [Finding] {
        let origin = WatchedHTTP.origin(of: forge.base)
        if http.sightings(of: origin).isEmpty {
            // What comes of it is seen by the one who watches.
            _ = try? await http.send(HTTPRequest(.get, forge.base, timeout: .seconds(5), answerLimit: 64 << 10))
        }
        return NetworkRules(forge.title, isNeeded: isNeeded).findings(http.sightings(of: origin))
    }

    private var library: Finding {
        guard let library = NetworkRoute.library else {
            return Finding(
                isNeeded ? .problem : .note, "libcurl", NetworkRoute.libraryIsMissing,
                advice: "apt-get install libcurl4")
        }
        return Finding(
            .ok, "libcurl", "\(library.version), TLS by \(library.tls ?? "nothing: https: cannot be reached")")
    }

    private func proxy(_ route: NetworkRoute, to url: String?) -> Finding? {
        guard let proxy = route.proxy else { return nil }
        let name = SafeText.line(proxy.address, limit: 200) + (proxy.hasCredentials ? " (with credentials)" : "")
        if let entry = route.exemption {
            return Finding(
                .ok, "proxy", "none for the forge: \(entry) in NO_PROXY keeps \(proxy.variable) out of the way")
        }
        let use = url == nil ? "for https:" : "on the way to the forge"
        return Finding(.ok, "proxy", "\(name) \(use) (by \(proxy.variable))")
    }

    private func certificates(_ route: NetworkRoute) -> Finding? {
        guard let certificates = route.certificates else { return nil }
        let name = "\(certificates.path) (by \(certificates.variable))"
        let path = surroundings.workingDirectory.pushing(FilePath(certificates.path))
        let level: Finding.Level = isNeeded ? .problem : .note
        let advice = "set \(certificates.variable) to a file of certificates in PEM, or take it out of the environment"
        if certificates.isDirectory {
            guard surroundings.files.kind(of: path) == .directory else {
                return Finding(
                    level, "certificates", "\(name) is no directory: no https: address can be reached", advice: advice)
            }
            return Finding(.ok, "certificates", "those in \(name)")
        }
        do throws(FileError) {
            let count = CertificateFile.count(in: try surroundings.files.contents(of: path, limit: 16 << 20))
            guard count > 0 else {
                return Finding(
                    level, "certificates", "\(name) holds no certificate: no https: address can be reached",
                    advice: advice)
            }
            return Finding(
                .ok, "certificates",
                "\(RunSentence.count(count, "certificate")) in \(name)")
        } catch {
            return Finding(level, "certificates", "\(error): no https: address can be reached", advice: advice)
        }
    }
}

/// A file of certificates in PEM (RFC 7468).
enum CertificateFile {
    /// Certificates whose text begins, ends and has nothing but Base64 between.
    static func count(in bytes: [UInt8]) -> Int {
        var count = 0
        var body: Int?
        for line in bytes.split(whereSeparator: { $0 == 0x0a || $0 == 0x0d }) {
            let text = String(decoding: line, as: UTF8.self)
            if text.hasPrefix("-----BEGIN ") {
                body = text.hasSuffix(" CERTIFICATE-----") ? 0 : nil
            } else if text.hasPrefix("-----END ") {
                if let length = body, length > 0 { count += 1 }
                body = nil
            } else if let length = body {
                let isPlain = text.utf8.allSatisfy { byte in
                    Character(Unicode.Scalar(byte)).isLetter || Character(Unicode.Scalar(byte)).isNumber
                        || "+/= ".utf8.contains(byte)
                }
                body = isPlain ? length + line.count : nil
            }
        }
        return count
    }
}
