import Artifacts
import CICore
import Orchestrator
import Reporting
import SystemPackage

/// Makes pictures and documents of what badges say.
struct BadgeArtist {
    let files: any FileSystem
    /// Where relative paths of logos begin.
    let directory: FilePath

    /// A badge in both its forms.
    struct Work {
        /// The document that shields.io's endpoint badge reads.
        var json: [UInt8]
        var badge: Badge
    }

    /// Lays a look over what is said.
    ///
    /// - Throws: `ReportFailure` for a logo that is none.
    func draw(_ endpoint: BadgeEndpoint, _ look: BadgeLook) throws -> Work {
        var endpoint = endpoint
        endpoint.color = look.color ?? endpoint.color
        endpoint.labelColor = look.labelColor ?? endpoint.labelColor
        endpoint.style = look.style ?? endpoint.style
        endpoint.logoWidth = look.logo.width ?? endpoint.logoWidth
        if let path = look.logo.path { endpoint.logo = try Self.safe(try given(path), named: path.string) }
        let logo = try endpoint.logo.map { svg in
            try Self.picture(of: svg, width: endpoint.logoWidth, named: look.logo.path?.string ?? "logoSvg")
        }
        var badge = Badge(
            label: BadgeText(endpoint.label), message: BadgeText(endpoint.message), style: endpoint.style ?? .flat,
            paint: Badge.Paint(
                message: endpoint.shownColor.flatMap(BadgeColor.init) ?? .lightGrey,
                label: endpoint.labelColor.flatMap(BadgeColor.init), isReadable: look.isReadable),
            logo: logo)
        badge.links = look.links
        badge.idSuffix = look.idSuffix
        return Work(json: endpoint.json(), badge: badge)
    }

    /// The logo that a look names; `nil` if it names none.
    ///
    /// - Throws: `ReportFailure` for one that is none.
    func logo(of look: BadgeLook) throws -> BadgeLogo? {
        guard let path = look.logo.path else { return nil }
        return try Self.picture(
            of: String(decoding: try given(path), as: UTF8.self), width: look.logo.width, named: path.string)
    }

    /// Makes a logo of an SVG document of anybody's.
    ///
    /// - Throws: `ReportFailure` for one that is none.
    static func picture(of svg: String, width: Int?, named name: String) throws -> BadgeLogo {
        let safe = try shapes(in: Array(svg.utf8), named: name)
        return BadgeLogo(svg: safe.bytes, width: width ?? Int((14 * safe.aspect).rounded()))
    }

    private func given(_ path: FilePath) throws -> [UInt8] {
        try files.given(path.string, in: directory, limit: SafeSVG.limit + 1)
    }

    private static func safe(_ bytes: [UInt8], named name: String) throws -> String {
        String(decoding: try shapes(in: bytes, named: name).bytes, as: UTF8.self)
    }

    private static func shapes(in bytes: [UInt8], named name: String) throws -> SafeSVG {
        do {
            return try SafeSVG(bytes)
        } catch {
            throw ReportFailure("\(SafeText.line(name)) cannot be a logo: \(error)")
        }
    }
}

extension FileSystem {
    /// A file that the user named.
    ///
    /// - Throws: `ReportFailure` if it cannot be read: a matter of usage.
    func given(_ name: String, in directory: FilePath, limit: Int) throws -> [UInt8] {
        do {
            return try contents(of: directory.pushing(FilePath(name)), limit: limit)
        } catch {
            throw ReportFailure("\(SafeText.line(name)): \(error)")
        }
    }
}
