import ArgumentParser
import Artifacts
import CICore
import Reporting
import SystemPackage

/// How a badge looks, and words that go before those of the results.
struct BadgeOptions: ParsableArguments {
    @Option(help: "What is spoken of; empty = no label.")
    var label: String?

    @Option(help: "What is said of it.")
    var message: String?

    @Option(help: "The message's colour: a name such as brightgreen, or hexadecimal digits.")
    var color: String?

    @Option(help: "The label's colour.")
    var labelColor: String?

    @Option(help: "One of \(BadgeStyle.names).")
    var style: BadgeStyle?

    @Option(
        help: "An SVG file to put before the label; only its shapes are taken.", completion: .file(extensions: ["svg"]))
    var logo: String?

    @Option(help: "The logo's width in pixels; none = as its shape asks.")
    var logoWidth: Int?

    @Option(help: "Where a click leads; twice = label and message apart.")
    var link: [String] = []

    @Option(help: "Ends the ids inside, for pages that hold several badges inline.")
    var idSuffix = ""

    @Flag(help: "Give colours way until text has a contrast of 4.5:1.")
    var contrast = false

    func validate() throws {
        for (option, color) in [("--color", color), ("--label-color", labelColor)] {
            guard let color, BadgeColor(color) == nil else { continue }
            throw ValidationError("\(option) is \"\(color)\"; expected a name such as red, or digits such as 4c1.")
        }
        guard link.count <= 2 else { throw ValidationError("a badge has at most two links") }
        for address in link where BadgeLink(address) == nil {
            throw ValidationError("--link is \"\(address)\"; expected an http: or https: address.")
        }
        guard (logoWidth ?? 14) > 0, (logoWidth ?? 14) <= 1000 else {
            throw ValidationError("--logo-width is \(logoWidth ?? 0); expected 1 to 1000.")
        }
    }

    /// The badge with what was given laid over.
    func applied(to badge: BadgeEndpoint) -> BadgeEndpoint {
        var badge = badge
        badge.label = label ?? badge.label
        badge.message = message ?? badge.message
        badge.color = color ?? badge.color
        badge.labelColor = labelColor ?? badge.labelColor
        badge.style = style ?? badge.style
        badge.logoWidth = logoWidth ?? badge.logoWidth
        return badge
    }

    /// The document and the picture.
    ///
    /// - Throws: `ReportFailure` for a logo that is none.
    func drawable(
        _ endpoint: BadgeEndpoint, files: any FileSystem, in directory: FilePath
    ) throws -> (json: [UInt8], badge: Badge) {
        var endpoint = endpoint
        if let logo {
            let bytes = try files.given(logo, in: directory, limit: SafeSVG.limit + 1)
            endpoint.logo = String(decoding: try Self.safe(bytes, named: logo).bytes, as: UTF8.self)
        }
        var picture: BadgeLogo?
        if let logo = endpoint.logo {
            let safe = try Self.safe(Array(logo.utf8), named: self.logo ?? "logoSvg")
            picture = BadgeLogo(
                svg: safe.bytes, width: endpoint.logoWidth ?? Int((14 * safe.aspect).rounded()))
        }
        var badge = Badge(
            label: BadgeText(endpoint.label), message: BadgeText(endpoint.message), style: endpoint.style ?? .flat,
            paint: paint(of: endpoint), logo: picture)
        badge.links = link.compactMap(BadgeLink.init)
        badge.idSuffix = idSuffix
        return (endpoint.json(), badge)
    }

    /// An error is red and nothing else, as at shields.io.
    private func paint(of endpoint: BadgeEndpoint) -> Badge.Paint {
        let color = endpoint.isError ? "red" : endpoint.color
        return Badge.Paint(
            message: color.flatMap(BadgeColor.init) ?? .lightGrey,
            label: endpoint.labelColor.flatMap(BadgeColor.init), isReadable: contrast)
    }

    private static func safe(_ bytes: [UInt8], named name: String) throws -> SafeSVG {
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
