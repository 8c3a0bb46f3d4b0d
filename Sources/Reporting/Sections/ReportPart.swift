import CICore

/// One part of a report: what it is about, and its things in a form that every rendering can show.
///
/// Names and words of tests stand in it as they came: each rendering makes them safe for its own grammar.
struct ReportPart: Sendable {
    let section: ReportSection
    let title: String
    /// What one thing is, for "… and 3 more"; `nil` where leaving some out needs no words.
    let noun: String?
    let body: Body
    /// Of the things themselves, where fewer are in the body.
    let total: Int
    /// What its signs mean, below the title.
    var remark: String?
    /// Whether only a page has room for it.
    let isForPages: Bool

    init(
        _ section: ReportSection, _ title: String, noun: String? = nil, _ body: Body, total: Int? = nil,
        isForPages: Bool = false
    ) {
        self.section = section
        self.title = title
        self.noun = noun
        self.body = body
        self.total = total ?? body.count
        self.isForPages = isForPages
    }

    /// The things.
    enum Body: Sendable {
        /// Each with its words.
        case failures([TestRecord])
        case lines([Line])
        case table(Table)
        /// For a shell, each on a line of its own, quoted and safe to show.
        case commands([String])

        var count: Int {
            switch self {
            case .failures(let tests): tests.count
            case .lines(let lines): lines.count
            case .table(let table): table.rows.count
            case .commands(let commands): commands.count
            }
        }
    }

    /// A thing with what there is to say of it.
    struct Line: Sendable {
        /// What it is called.
        var text: String
        /// Whether it is a sentence rather than a name.
        var isSentence = false
        /// Our own words behind it, with the comma or colon that they begin with.
        var note = ""
        /// A test's words at the end.
        var quote: String?
        /// Where it can be found.
        var links: [Link] = []

        /// The address of the thing itself, where its name leads there.
        var address: String? { links.first { $0.title == text }?.url }

        /// The other places.
        var places: [Link] { links.filter { $0.title != text } }

        /// Whose line it is, where a page can show more of it.
        var test: TestRecord?
    }

    /// A place that may have an address.
    struct Link: Sendable, Hashable {
        var title: String
        var url: String?
    }

    /// Rows of equal length.
    struct Table: Sendable {
        var columns: [Column]
        var rows: [[String]]
    }

    /// A column of a table.
    struct Column: Sendable {
        var title: String
        /// How a cell reads where there is no table: `3 tests`, `busy 2.00 s`, or as it is.
        var reading: Reading

        enum Reading: Sendable {
            /// A name from anywhere, aligned to the left.
            case name
            /// A word of our own, aligned to the left.
            case label
            case value
            /// `1 slot`, `2 slots`.
            case count(one: String, many: String)
            case valueThenTitle
            case titleThenValue
        }

        var isName: Bool {
            if case .name = reading { return true }
            return false
        }

        /// Whether it is aligned to the right.
        var isFigure: Bool {
            if case .label = reading { return false }
            return !isName
        }

        /// A cell as words.
        func words(_ cell: String) -> String {
            switch reading {
            case .name, .label, .value: cell
            case .count(let one, let many): "\(cell) \(cell == "1" ? one : many)"
            case .valueThenTitle: "\(cell) \(title.lowercased())"
            case .titleThenValue: "\(title.lowercased()) \(cell)"
            }
        }
    }
}
