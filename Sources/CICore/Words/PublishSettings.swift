/// What of a run's results goes to the CI service and the forge.
package struct PublishSettings: Sendable, Hashable {
    package var when: Occasion
    package var verdict: VerdictPlace
    package var comment: CommentPolicy
    /// Whether failures are marked on their lines.
    package var annotates: Bool
    /// Whether a page goes to the service's own job summary.
    package var summarizes: Bool
    /// Where `junit.xml` and `results.json` are put for others to fetch.
    package var files: [FilePlace]
    package var labels: Labels
    package var delivery: Delivery

    package init(
        when: Occasion = .auto, verdict: VerdictPlace = .auto, comment: CommentPolicy = .always,
        annotates: Bool = true, summarizes: Bool = true, files: [FilePlace] = [], labels: Labels = Labels(),
        delivery: Delivery = Delivery()
    ) {
        self.when = when
        self.verdict = verdict
        self.comment = comment
        self.annotates = annotates
        self.summarizes = summarizes
        self.files = files
        self.labels = labels
        self.delivery = delivery
    }

    /// When `dt-ci run` publishes.
    package enum Occasion: String, Sendable, Hashable, CaseIterable {
        /// In a CI service, and not elsewhere.
        case auto
        case always
        case never
    }

    /// Where the verdict on the commit goes.
    package enum VerdictPlace: String, Sendable, Hashable, CaseIterable {
        /// A check or report with annotations where the forge has them, else a status.
        case auto
        case check
        case status
        case none
    }

    /// Whether a pull request gets a comment.
    package enum CommentPolicy: String, Sendable, Hashable, CaseIterable {
        case always
        /// A first comment only for a run that did not pass; one that stands is kept up to date.
        case failures
        case never
    }

    /// A kind of place for files.
    package enum FilePlace: String, Sendable, Hashable, CaseIterable {
        case artifacts
        case packages
        case downloads
        case branch
        case gist
    }

    /// What the reports are called.
    package struct Labels: Sendable, Hashable {
        /// Of the status, the check and the comment.
        package var name: String
        /// This job among the others that write to the same comment; `nil` = the job's name and node.
        package var section: String?

        package init(name: String = "dt-ci", section: String? = nil) {
            self.name = name
            self.section = section
        }
    }

    /// How hard it tries.
    package struct Delivery: Sendable, Hashable {
        /// Between two updates of a running status; `nil` = no updates.
        package var progress: Duration?
        /// For all requests together.
        package var budget: Duration
        /// Whether a report that cannot be posted anywhere makes a passed run end with exit code 4.
        package var isStrict: Bool

        package init(progress: Duration? = .seconds(30), budget: Duration = .seconds(60), isStrict: Bool = false) {
            self.progress = progress
            self.budget = budget
            self.isStrict = isStrict
        }
    }
}

/// What `forge:` says of the place where the code lives, where detection cannot know.
package struct ForgeSettings: Sendable, Hashable {
    /// Such as `gitlab`; `nil` = as detected.
    package var kind: String?
    /// The API's base URL; `nil` = the forge's own for its host.
    package var api: String?

    package init(kind: String? = nil, api: String? = nil) {
        self.kind = kind
        self.api = api
    }
}
