/// One way to find out what a machine has: a platform, a kind of container, a maker of accelerators.
package struct HardwareProbe: Sendable {
    /// As warnings call it.
    package let name: String
    /// Whether it starts programs or loads libraries: what it found is kept for a while.
    package let isSlow: Bool
    let applies: @Sendable (HardwareWorld) -> Bool
    let look: @Sendable (HardwareWorld, inout HardwareDraft) async -> Void

    init(
        _ name: String, isSlow: Bool = false, applies: @escaping @Sendable (HardwareWorld) -> Bool,
        look: @escaping @Sendable (HardwareWorld, inout HardwareDraft) async -> Void
    ) {
        self.name = name
        self.isSlow = isSlow
        self.applies = applies
        self.look = look
    }

    /// All there are, in the order in which they look: a later one adds to what the earlier ones found, or bounds it.
    package static let all: [HardwareProbe] = [
        linux, macOS, windows, container, nvidia, amd, displays, tpus, npus,
    ]
}

/// A profile that is being put together.
package struct HardwareDraft: Sendable {
    package var profile: HardwareProfile
    /// Sentences for the user.
    package var warnings: [String] = []
    /// Whether a program or library was there to be asked.
    var hasAskedTools = false
    /// When the tools have had their time.
    let deadline: ContinuousClock.Instant

    init(_ profile: HardwareProfile, deadline: ContinuousClock.Instant) {
        self.profile = profile
        self.deadline = deadline
    }

    /// What is left for tools.
    var patience: Duration { max(.zero, deadline - ContinuousClock.now) }

    /// Keeps a fact and where it is from; what is not known changes nothing.
    mutating func set<Value>(
        _ path: WritableKeyPath<HardwareProfile, Value?>, _ value: Value?, _ fact: String, from source: String
    ) {
        guard let value else { return }
        profile[keyPath: path] = value
        profile.sources[fact] = source
    }

    /// Keeps a fact that every profile has.
    mutating func set<Value>(
        _ path: WritableKeyPath<HardwareProfile, Value>, to value: Value, _ fact: String, from source: String
    ) {
        profile[keyPath: path] = value
        profile.sources[fact] = source
    }
}
