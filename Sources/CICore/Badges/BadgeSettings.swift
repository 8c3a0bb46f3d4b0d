package import SystemPackage

/// What `badge:` says: which badges a run leaves, and where they go.
package struct BadgeSettings: Sendable, Hashable {
    /// In the order of the file.
    package var badges: [BadgeWish]
    /// Absolute; where they are written, whatever becomes of the places.
    package var directory: FilePath
    package var places: [BadgePlace]
    /// The branch of the repository that the place `branch` means.
    package var branch: String
    /// Patterns of the branches whose runs change the places; `default` is the repository's default branch.
    package var sources: [String]

    package init(
        badges: [BadgeWish] = [], directory: FilePath = ".dt-ci/badges", places: [BadgePlace] = [],
        branch: String = "badges", sources: [String] = ["default"]
    ) {
        self.badges = badges
        self.directory = directory
        self.places = places
        self.branch = branch
        self.sources = sources
    }
}

/// One badge of the configuration.
package struct BadgeWish: Sendable, Hashable {
    /// Its file's name; one that ends in `.json` is written as an endpoint document.
    package var file: String
    package var words: Words
    package var look: BadgeLook

    package init(file: String, words: Words, look: BadgeLook = BadgeLook()) {
        self.file = file
        self.words = words
        self.look = look
    }

    /// What it says.
    package struct Words: Sendable, Hashable {
        /// `nil` = label and message alone.
        package var fact: BadgeFact?
        /// In place of the fact's own; empty = none.
        package var label: String?
        /// In place of what the results tell.
        package var message: String?
        /// The coverage report; absolute.
        package var coverage: FilePath?

        package init(
            fact: BadgeFact? = nil, label: String? = nil, message: String? = nil, coverage: FilePath? = nil
        ) {
            self.fact = fact
            self.label = label
            self.message = message
            self.coverage = coverage
        }
    }
}

/// How a badge looks, as far as somebody has said it.
package struct BadgeLook: Sendable, Hashable {
    /// As it was given: a name or hexadecimal digits.
    package var color: String?
    package var labelColor: String?
    package var style: BadgeStyle?
    package var logo: Logo
    /// Where a click leads: one address for the whole badge, or one for each half.
    package var links: [BadgeLink]
    package var idSuffix: String
    /// Whether colours give way until text has a contrast of 4.5:1.
    package var isReadable: Bool

    package init(
        color: String? = nil, labelColor: String? = nil, style: BadgeStyle? = nil, logo: Logo = Logo(),
        links: [BadgeLink] = [], idSuffix: String = "", isReadable: Bool = false
    ) {
        self.color = color
        self.labelColor = labelColor
        self.style = style
        self.logo = logo
        self.links = links
        self.idSuffix = idSuffix
        self.isReadable = isReadable
    }

    /// A picture before the label.
    package struct Logo: Sendable, Hashable {
        /// An SVG file; absolute, or relative to the working directory.
        package var path: FilePath?
        /// In pixels; `nil` = as its shape asks.
        package var width: Int?

        package init(path: FilePath? = nil, width: Int? = nil) {
            self.path = path
            self.width = width
        }
    }
}
