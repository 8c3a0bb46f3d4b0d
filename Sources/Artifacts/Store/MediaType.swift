/// What kind of content a file has, by its name.
package enum MediaType {
    /// Of anything.
    package static let unknown = "application/octet-stream"

    /// By the last extension, in any case.
    package static func of(_ path: String) -> String {
        let ending = path.utf8.suffix(9)
        guard let dot = ending.lastIndex(of: UInt8(ascii: ".")) else { return unknown }
        return types[String(decoding: ending[dot...].dropFirst(), as: UTF8.self).lowercased()] ?? unknown
    }

    /// Whether deflating it again would only cost time.
    package static func isCompressed(_ type: String) -> Bool {
        if type.hasPrefix("video/") || type.hasPrefix("audio/") && type != "audio/wav" { return true }
        return type.hasPrefix("image/") ? type != "image/svg+xml" && type != "image/bmp" : compressed.contains(type)
    }

    private static let compressed: Set<String> = [
        "application/zip", "application/gzip", "application/x-bzip2", "application/x-xz", "application/zstd",
        "application/x-7z-compressed", "application/java-archive", "application/vnd.android.package-archive",
        "application/vnd.debian.binary-package", "application/x-rpm", "font/woff", "font/woff2",
    ]

    private static let types: [String: String] = [
        "apk": "application/vnd.android.package-archive", "avif": "image/avif", "bmp": "image/bmp",
        "bz2": "application/x-bzip2", "css": "text/css", "csv": "text/csv",
        "deb": "application/vnd.debian.binary-package", "gif": "image/gif", "gz": "application/gzip",
        "har": "application/json", "htm": "text/html", "html": "text/html", "jar": "application/java-archive",
        "jpeg": "image/jpeg", "jpg": "image/jpeg", "js": "text/javascript", "json": "application/json",
        "jsonl": "application/jsonl", "log": "text/plain", "md": "text/markdown", "mjs": "text/javascript",
        "mov": "video/quicktime", "mp3": "audio/mpeg", "mp4": "video/mp4", "ogg": "audio/ogg",
        "pdf": "application/pdf", "png": "image/png", "rpm": "application/x-rpm", "svg": "image/svg+xml",
        "tar": "application/x-tar", "tgz": "application/gzip", "tif": "image/tiff", "tiff": "image/tiff",
        "toml": "application/toml", "trx": "application/xml", "tsv": "text/tab-separated-values",
        "txt": "text/plain", "wasm": "application/wasm", "wav": "audio/wav", "webm": "video/webm",
        "webp": "image/webp", "whl": "application/zip", "woff": "font/woff", "woff2": "font/woff2",
        "xml": "application/xml", "xz": "application/x-xz", "yaml": "application/yaml", "yml": "application/yaml",
        "zip": "application/zip", "zst": "application/zstd", "7z": "application/x-7z-compressed",
    ]
}
