/// How a run goes about its batches, whatever the suites are.
package struct RunSettings: Sendable, Hashable {
    /// Batches at once on this machine; `nil` = the processors available to this process.
    package var slots: Int?
    /// End the run after so many failed tests; `nil` = never.
    package var failFast: Int?
    package var limits: Limits
    package var serving: Serving
    /// Whether a run whose only failures are flaky fails.
    package var failsOnFlaky: Bool
    /// What a run without any test is.
    package var empty: EmptyPolicy
    package var retryBudget: RetryBudget

    package init(
        slots: Int? = nil, failFast: Int? = nil, limits: Limits = Limits(), serving: Serving = Serving(),
        failsOnFlaky: Bool = false, empty: EmptyPolicy = .error, retryBudget: RetryBudget = .standard
    ) {
        self.slots = slots
        self.failFast = failFast
        self.limits = limits
        self.serving = serving
        self.failsOnFlaky = failsOnFlaky
        self.empty = empty
        self.retryBudget = retryBudget
    }

    /// How batches come to slots.
    package struct Serving: Sendable, Hashable {
        /// A word of `SchedulingStrategies`.
        package var strategy: String
        package var order: Order

        package init(strategy: String = SchedulingStrategies.automatic, order: Order = .longestFirst) {
            self.strategy = strategy
            self.order = order
        }
    }

    /// What serves the batches.
    package var strategy: any SchedulingStrategy {
        SchedulingStrategies.meant(by: serving.strategy, hasDeadline: limits.deadline != nil)
    }

    /// When the run or a batch is ended.
    package struct Limits: Sendable, Hashable {
        /// Of the whole run; `nil` = none.
        package var run: Duration?
        /// A batch that writes nothing for so long is ended; `nil` = none.
        package var silence: Duration?
        /// When the run should be over, which ends nothing; `nil` = nobody waits for it.
        package var deadline: Duration?

        package init(run: Duration? = nil, silence: Duration? = nil, deadline: Duration? = nil) {
            self.run = run
            self.silence = silence
            self.deadline = deadline
        }
    }

    /// In which order batches are handed out.
    package enum Order: Sendable, Hashable {
        case longestFirst
        /// As the suites and their runners list them.
        case listed
        /// `nil` = a seed is drawn and told.
        case random(seed: UInt64?)
        /// What failed in its last run comes first, then the longest.
        case failedFirst

        /// The word in the configuration.
        package var name: String {
            switch self {
            case .longestFirst: "longest-first"
            case .listed: "listed"
            case .random: "random"
            case .failedFirst: "failed-first"
            }
        }

        /// Every word of the configuration, the default first.
        package static let names = ["longest-first", "listed", "random", "failed-first"]

        /// `nil` for a word that is none of `names`; only `random` uses the seed.
        package init?(name: String, seed: UInt64? = nil) {
            switch name {
            case "longest-first": self = .longestFirst
            case "listed": self = .listed
            case "random": self = .random(seed: seed)
            case "failed-first": self = .failedFirst
            default: return nil
            }
        }
    }

    /// What a run in which no test was found means.
    package enum EmptyPolicy: String, Sendable, Hashable, CaseIterable {
        /// Exit 5.
        case error
        /// Said, exit 0.
        case warn
        case ok
    }

    /// How many tests of one run may be tried again; where both limits are given, the smaller one holds.
    package struct RetryBudget: Sendable, Hashable {
        package var tests: Int?
        /// Of the tests of the run.
        package var percent: Double?

        package init(tests: Int? = nil, percent: Double? = nil) {
            self.tests = tests
            self.percent = percent
        }

        /// Enough for every honest flake, too little for a broken build.
        package static let standard = RetryBudget(tests: 100)

        /// How many of `total` tests may be tried again; a percentage is rounded up.
        package func allowance(of total: Int) -> Int {
            let share = percent.map { Int((Double(total) * $0 / 100).rounded(.up)) }
            return min(tests ?? .max, share ?? .max)
        }

        /// As in the configuration: `100`, `5%` or `100, 5%`.
        package var text: String {
            let share = percent.map { percent in
                percent == percent.rounded() ? "\(Int(percent))%" : "\(percent)%"
            }
            let parts = [tests.map(String.init), share].compactMap(\.self)
            return parts.isEmpty ? "unlimited" : parts.joined(separator: ", ")
        }
    }
}
