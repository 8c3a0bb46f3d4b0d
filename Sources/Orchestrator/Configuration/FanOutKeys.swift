package import CICore

/// Over which and how many machines of the CI service a run is split.
package struct FanOutSettings: Sendable, Hashable {
    /// When a run should be over, counted from the start of its nodes.
    package var target: Duration
    /// What a node takes before its first test.
    package var startCost: Duration
    /// At most so many nodes; `nil` = as many as the CI service starts.
    package var mostNodes: Int?
    /// What the prices are in.
    package var currency: String
    /// The first is filled before the next; empty = machines like this one.
    package var classes: [NodeClass]

    package init(
        target: Duration = .seconds(600), startCost: Duration = .seconds(60), mostNodes: Int? = nil,
        currency: String = "USD", classes: [NodeClass] = []
    ) {
        self.target = target
        self.startCost = startCost
        self.mostNodes = mostNodes
        self.currency = currency
        self.classes = classes
    }

    /// What `fan-out:` says in the settings of a file.
    package init(in root: Settings) {
        let settings = root[RootKeys.fanOut] ?? Settings(FanOutKeys.section)
        self.init(
            target: settings[FanOutKeys.target] ?? .seconds(600),
            startCost: settings[FanOutKeys.startCost] ?? .seconds(60),
            mostNodes: settings[FanOutKeys.maxNodes] ?? nil,
            currency: settings[FanOutKeys.currency] ?? "",
            classes: (settings[FanOutKeys.classes] ?? []).map(NodeClass.init))
    }
}

/// Machines of one kind, as the CI service knows them.
package struct NodeClass: Sendable, Hashable {
    /// What durations are keyed by; `nil` = that of the machine that plans.
    package var hardware: HardwareClass?
    /// The service's own words for them: labels of runners, tags, an image or a resource class.
    package var labels: [String]
    /// `nil` = as many as `--slots` says, or the machine that plans has.
    package var slots: Int?
    /// `nil` = `fan-out: start-cost`.
    package var startCost: Duration?
    /// For a minute of one machine.
    package var price: Double?
    /// `nil` = no bound of their own.
    package var mostNodes: Int?

    package init(
        hardware: HardwareClass? = nil, labels: [String] = [], slots: Int? = nil, startCost: Duration? = nil,
        price: Double? = nil, mostNodes: Int? = nil
    ) {
        self.hardware = hardware
        self.labels = labels
        self.slots = slots
        self.startCost = startCost
        self.price = price
        self.mostNodes = mostNodes
    }

    init(_ settings: Settings) {
        self.init(
            hardware: (settings[NodeClassKeys.hardware] ?? nil).map { HardwareClass($0) },
            labels: settings[NodeClassKeys.runsOn] ?? [], slots: settings[NodeClassKeys.slots] ?? nil,
            startCost: settings[NodeClassKeys.startCost] ?? nil, price: settings[NodeClassKeys.price] ?? nil,
            mostNodes: settings[NodeClassKeys.maxNodes] ?? nil)
    }
}

/// The keys of `fan-out:`.
enum FanOutKeys {
    static let target = Key<Duration>(
        "target", .duration, default: .seconds(600),
        "When a run should be over, for `dt-ci plan --nodes auto`: it takes the fewest nodes that come to that.")
    static let startCost = Key<Duration>(
        "start-cost", .duration, default: .seconds(60),
        "What a node takes from the start of its job to its first test: the machine, the checkout, the dependencies.")
    static let maxNodes = Key<Int?>(
        "max-nodes", .count(or: "auto"), default: .some(nil),
        "At most so many nodes; `auto` = as many as the CI service starts.")
    static let currency = Key<String>("currency", .text, default: "USD", "What the prices are in.")
    static let classes = Key<[Settings]>(
        "classes", .sections(of: NodeClassKeys.section), default: [],
        "The kinds of machines that nodes may be: the first is used up before the next. None = machines like this one.")

    static let section = Section(name: "fan-out", keys: [target, startCost, maxNodes, currency, classes])
}

/// The keys of one entry of `classes:` in `fan-out:`.
enum NodeClassKeys {
    static let runsOn = Key<[String]>(
        "runs-on", .texts, default: [],
        """
        What the CI service calls these machines: GitHub's `runs-on`, GitLab's tags, Jenkins' labels, Azure's image, \
        CircleCI's resource class, Buildkite's queue or `key=value`; none = as the pipeline says.
        """)
    static let hardware = Key<String?>(
        "hardware", .text(or: "auto"), default: .some(nil),
        "Their class of hardware, such as linux-x86_64-4cpu; `auto` = that of the machine that plans.")
    static let slots = Key<Int?>(
        "slots", .count(or: "auto"), default: .some(nil),
        "Batches at once on each; `auto` = as on the machine that plans.")
    static let startCost = Key<Duration?>(
        "start-cost", .duration(or: "auto"), default: .some(nil), "As in `fan-out`, where these machines differ.")
    static let price = Key<Double?>(
        "price", .price, default: .some(nil), "What a minute of one such machine costs.")
    static let maxNodes = Key<Int?>(
        "max-nodes", .count(or: "auto"), default: .some(nil), "There are so many of them; `auto` = enough.")

    static let section = Section(name: "classes", keys: [runsOn, hardware, slots, startCost, price, maxNodes])
}

extension Shape where Value == Duration {
    /// A duration of zero or more.
    static let duration = Shape(
        "a duration such as 90s, 1.5m or 1h30m",
        type: .either([
            .integer(minimum: 0), .text(pattern: "^[0-9.]+ ?(ms|us|s|m|h|d)?([0-9.]+(ms|us|s|m|h|d))*$"),
        ]),
        parse: { text in
            guard let duration = DurationText.parse(text), duration >= .zero, duration < .seconds(86_400 * 30) else {
                return nil
            }
            return duration
        }, show: DurationText.exact)
}

extension Shape where Value == Double? {
    /// A sum of money; `nil` = unknown.
    static let price = Shape(
        "a number such as 0.008, or unknown",
        type: .either([.number, .word(["unknown"])]),
        parse: { text in
            if text == "unknown" { return .some(nil) }
            guard text.first?.isNumber == true, let number = Double(text), (0...1_000_000).contains(number) else {
                return nil
            }
            return number
        }, show: { $0.map { "\($0)" } ?? "unknown" })
}
