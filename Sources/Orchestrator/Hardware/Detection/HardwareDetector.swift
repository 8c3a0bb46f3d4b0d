/// A machine's profile and what finding it out brought to light.
package struct DetectedHardware: Sendable, Hashable {
    package var profile: HardwareProfile
    /// Tools that hang, answer nonsense or are broken, as sentences.
    package var warnings: [String]

    package init(profile: HardwareProfile, warnings: [String] = []) {
        self.profile = profile
        self.warnings = warnings
    }
}

/// Finds out what a machine has.
package struct HardwareDetector: Sendable {
    private let world: HardwareWorld
    /// What the user says of the machine.
    private let labels: [String: String]

    package init(world: HardwareWorld, labels: [String: String] = [:]) {
        self.world = world
        self.labels = labels
    }

    /// Asks every probe that has something to say of such a machine.
    package func detect() async -> DetectedHardware {
        var draft = HardwareDraft(ground, deadline: .now + world.tools.patience)
        for probe in HardwareProbe.all where probe.applies(world) { await probe.look(world, &draft) }
        return DetectedHardware(profile: draft.profile, warnings: draft.warnings)
    }

    /// What is known of every machine.
    private var ground: HardwareProfile {
        let kernel = world.kernel
        return HardwareProfile(
            system: .init(name: kernel.name.lowercased(), kernel: kernel.release, host: kernel.host),
            processor: .init(
                architecture: kernel.architecture, logicalCores: kernel.processors,
                limit: ProcessorLimit(processors: kernel.processors, source: "sysconf")),
            labels: labels,
            sources: ["os": "uname", "kernel": "uname", "host": "uname", "arch": "uname", "cpus": "sysconf"])
    }
}
