import ArgumentParser
import CICore
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

    /// What was given of the look.
    var given: BadgeLook {
        BadgeLook(
            color: color, labelColor: labelColor, style: style,
            logo: .init(path: logo.map { FilePath($0) }, width: logoWidth), links: link.compactMap(BadgeLink.init),
            idSuffix: idSuffix, isReadable: contrast)
    }

    /// Whether anything was given.
    var isGiven: Bool { given != BadgeLook() || label != nil || message != nil }
}
