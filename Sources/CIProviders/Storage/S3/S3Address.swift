/// Where objects of an S3-compatible storage are: `s3://bucket/prefix?endpoint=https://minio.example&region=eu-west-1`.
package struct S3Address: Sendable, Hashable {
    /// How the bucket stands in a URL.
    package enum Style: String, Sendable, Hashable {
        /// `https://endpoint/bucket/key`
        case path
        /// `https://bucket.endpoint/key`
        case host
    }

    package let bucket: String
    /// Without slashes at its ends; may be empty.
    package let prefix: String
    /// The storage's own URL without a slash at its end; `nil` for AWS.
    package let endpoint: String?
    package let region: String
    package let style: Style

    /// Reads the address as people write it; what it does not say comes from `AWS_ENDPOINT_URL_S3`, `AWS_ENDPOINT_URL`,
    /// `AWS_REGION` and `AWS_DEFAULT_REGION`.
    ///
    /// - Throws: `Malformed` with a sentence about what is wrong with it.
    package init(_ text: String, environment: [String: String] = [:]) throws(Malformed) {
        func variable(_ names: String...) -> String? {
            names.lazy.compactMap { environment[$0] }.first { !$0.isEmpty }
        }
        guard text.hasPrefix("s3://") else { throw Malformed(reason: "it does not begin with s3://") }
        let rest = text.dropFirst(5)
        let place = rest.prefix { $0 != "?" }
        let options = try Self.options(rest.dropFirst(place.count).dropFirst())
        let names = place.split(separator: "/", maxSplits: 1, omittingEmptySubsequences: false)
        bucket = String(names.first ?? "")
        prefix = names.count > 1 ? names[1].split(separator: "/").joined(separator: "/") : ""
        endpoint = try Self.endpoint(options["endpoint"] ?? variable("AWS_ENDPOINT_URL_S3", "AWS_ENDPOINT_URL"))
        region = options["region"] ?? variable("AWS_REGION", "AWS_DEFAULT_REGION") ?? "us-east-1"
        guard let style = options["style"].map(Style.init(rawValue:)) ?? Self.usualStyle(bucket, endpoint) else {
            throw Malformed(reason: "style is path or host")
        }
        self.style = style
        try check()
    }

    /// Why a text is no address.
    package struct Malformed: Error, Hashable, CustomStringConvertible {
        package let reason: String

        package var description: String { reason }
    }

    /// As people call it, without what is but technique.
    package var title: String { "s3://\(bucket)" + (prefix.isEmpty ? "" : "/\(prefix)") }

    /// The key of an object below the prefix.
    package func key(_ name: String) -> String { prefix.isEmpty ? name : "\(prefix)/\(name)" }

    /// What a request's path is added to; the bucket's region may have been learned since.
    func base(region: String) -> String {
        let origin =
            endpoint ?? "https://s3.\(region).\(region.hasPrefix("cn-") ? "amazonaws.com.cn" : "amazonaws.com")"
        guard style == .host, let scheme = origin.firstRange(of: "://") else { return "\(origin)/\(bucket)" }
        return "\(origin[..<scheme.upperBound])\(bucket).\(origin[scheme.upperBound...])"
    }

    private func check() throws(Malformed) {
        // Amazon S3 User Guide, "General purpose bucket naming rules"; older buckets have capitals and underscores.
        let isLegal = bucket.utf8.allSatisfy { PercentEncoding.isUnreserved($0) && $0 != UInt8(ascii: "~") }
        guard isLegal, (3...255).contains(bucket.utf8.count), !bucket.hasPrefix(".") else {
            throw Malformed(reason: "it names no bucket")
        }
        guard !region.isEmpty, region.utf8.allSatisfy(PercentEncoding.isUnreserved) else {
            throw Malformed(reason: "its region is none")
        }
        guard !prefix.split(separator: "/").contains(where: { $0 == "." || $0 == ".." }) else {
            throw Malformed(reason: "its prefix has a step upwards")
        }
    }

    private static func options(_ query: Substring) throws(Malformed) -> [String: String] {
        var options: [String: String] = [:]
        for field in query.split(separator: "&") {
            let parts = field.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            let name = String(parts[0])
            guard ["endpoint", "region", "style"].contains(name) else {
                throw Malformed(reason: "it has an option \"\(name)\"; there are endpoint, region and style")
            }
            options[name] = parts.count > 1 ? PercentEncoding.decode(parts[1]) : ""
        }
        return options
    }

    private static func endpoint(_ text: String?) throws(Malformed) -> String? {
        guard let text else { return nil }
        let withScheme = text.contains("://") ? text : "https://\(text)"
        guard let address = WebAddress(withScheme), !address.path.contains("?") else {
            throw Malformed(reason: "its endpoint is no http or https URL without credentials")
        }
        var url = address.url
        while url.hasSuffix("/") { url.removeLast() }
        return url
    }

    /// A bucket with dots fits no wildcard certificate.
    private static func usualStyle(_ bucket: String, _ endpoint: String?) -> Style {
        endpoint == nil && !bucket.contains(".") ? .host : .path
    }
}
