import CICore

/// Which run a queue serves: all nodes of one attempt of one run have the same.
package struct QueueKey: Sendable, Hashable, CustomStringConvertible {
    /// The CI service's id of the run, or the name that was given to it.
    package let run: String
    /// 1-based; a run that is started again by its CI service is served anew.
    package let attempt: Int

    package init(run: String, attempt: Int = 1) {
        self.run = run
        self.attempt = max(1, attempt)
    }

    package var description: String {
        SafeText.line(run, limit: 80) + (attempt > 1 ? ", attempt \(attempt)" : "")
    }
}

/// A run as its first node wrote it into the queue.
package struct QueueRun: Sendable, Hashable {
    package var key: QueueKey
    /// The id of the plan whose batches are served.
    package var plan: String
    package var commit: String?
    /// The dt-ci that began the run.
    package var version: String
    /// What dt-ci's with different answers to "what is served how" differ in.
    package var rules: Int
    /// For whom the plan was made, so that every node makes the same one; a JSON object.
    package var target: String
    /// A node that was not heard of for so long is lost.
    package var patience: Duration

    /// The rules of this dt-ci.
    package static let currentRules = 1
    /// Long enough for a machine that is short of breath, short enough not to wait for one that is gone.
    package static let usualPatience = Duration.seconds(60)

    package init(
        key: QueueKey, plan: String, commit: String? = nil, version: String, rules: Int = Self.currentRules,
        target: String = "{}", patience: Duration = Self.usualPatience
    ) {
        self.key = key
        self.plan = plan
        self.commit = commit
        self.version = version
        self.rules = rules
        self.target = target
        self.patience = patience
    }
}

/// A node's place in a run.
package struct QueueSeat: Sendable, Hashable {
    package let key: QueueKey
    /// In the order of arrival, from 0.
    package let number: Int

    package init(key: QueueKey, number: Int) {
        self.key = key
        self.number = number
    }
}

/// How far a run is.
package struct QueueProgress: Sendable, Hashable {
    package var waiting = 0
    package var leased = 0
    package var done = 0
    /// Given up by name.
    package var failed = 0
    package var cancelled = 0
    /// Nodes that were heard of and have not said goodbye.
    package var nodes = 0
    /// Why nothing more is served; `nil` while the run goes on.
    package var stop: String?

    package init() {}

    /// Whether nothing will be served any more.
    package var isOver: Bool { waiting + leased == 0 }
}
