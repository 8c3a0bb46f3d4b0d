import CICore

/// Which way requests to one address take, for people to read: proxies and certificates as `CurlHTTP` uses them.
package struct NetworkRoute: Sendable, Hashable {
    /// The proxy in the way; `nil` where requests go straight.
    package var proxy: Proxy?
    /// The entry of `NO_PROXY` that keeps the proxy out of the way of this host.
    package var exemption: String?
    /// Certificates that take the place of the system's.
    package var certificates: Certificates?

    /// A proxy, without its credentials.
    package struct Proxy: Sendable, Hashable {
        package var address: String
        package var hasCredentials: Bool
        /// The variable that names it.
        package var variable: String
    }

    /// A file or directory, and the variable that names it.
    package struct Certificates: Sendable, Hashable {
        package var path: String
        package var isDirectory: Bool
        package var variable: String
    }

    /// Reads the environment as `CurlHTTP` does.
    package init(to url: String, environment: [String: String]) {
        let settings = NetworkSettings(environment: environment, agent: "", isDirectory: CurlHTTP.isDirectory)
        let isSecure = !url.lowercased().hasPrefix("http://")
        let names = isSecure ? NetworkSettings.secureProxyVariables : NetworkSettings.plainProxyVariables
        if let address = isSecure ? settings.secureProxy : settings.plainProxy,
            let variable = NetworkSettings.variable(names + NetworkSettings.proxyVariables, in: environment)
        {
            proxy = Proxy(address: address.address, hasCredentials: address.user != nil, variable: variable)
            exemption = NoProxyList(settings.noProxy).entry(for: url)
        }
        if let path = settings.certificateFile ?? settings.certificateDirectory {
            let variable =
                settings.certificateFile == nil && environment["SSL_CERT_DIR"]?.isEmpty == false
                ? "SSL_CERT_DIR" : NetworkSettings.variable(NetworkSettings.certificateVariables, in: environment)
            certificates = Certificates(
                path: path, isDirectory: settings.certificateFile == nil, variable: variable ?? "")
        }
    }

    /// The libcurl of this machine and what it does TLS with; `nil` if there is none that will do.
    package static var library: (version: String, tls: String?)? {
        CurlLibrary.version.map { ($0, CurlLibrary.tls) }
    }

    /// What to do without libcurl, in one sentence.
    package static var libraryIsMissing: String { CurlLibrary.missing.description }
}
