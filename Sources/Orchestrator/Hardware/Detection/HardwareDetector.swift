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
    /// `nil` = tools are asked every time.
    private let cache: HardwareCache?

    package init(world: HardwareWorld, labels: [String: String] = [:], cache: HardwareCache? = nil) {
        self.world = world
        self.labels = labels
        self.cache = cache
    }

    /// Asks every probe that has something to say of such a machine; what programs and libraries said is asked for again
    /// only when it is old.
    package func detect(refreshing: Bool = false) async -> DetectedHardware {
        let probes = HardwareProbe.all.filter { $0.applies(world) }
        let kept = refreshing ? nil : cache?.read(for: world)
        var draft = HardwareDraft(kept?.profile ?? ground, deadline: .now + world.tools.patience)
        draft.warnings = kept?.warnings ?? []
        for probe in probes where kept == nil || !probe.isSlow { await probe.look(world, &draft) }
        if kept == nil, draft.hasAskedTools {
            cache?.write(DetectedHardware(profile: draft.profile, warnings: draft.warnings), for: world)
        }
        draft.profile.labels = labels
        restrict(&draft.profile)
        return DetectedHardware(profile: draft.profile, warnings: draft.warnings)
    }

    /// Leaves the cards that this process may use.
    private func restrict(_ profile: inout HardwareProfile) {
        let rules: [(GPU.Vendor, [String])] = [
            (.nvidia, ["CUDA_VISIBLE_DEVICES"]), (.amd, ["HIP_VISIBLE_DEVICES", "ROCR_VISIBLE_DEVICES"]),
        ]
        for (vendor, variables) in rules {
            guard let visible = VisibleDevices(variables, in: world.environment) else { continue }
            let all = profile.accelerators.gpus.filter { $0.vendor == vendor }
            let kept = visible.kept(all)
            guard kept != all else { continue }
            profile.accelerators.gpus.removeAll { $0.vendor == vendor }
            profile.accelerators.gpus += kept
            profile.sources["gpu.\(vendor.rawValue).visible"] = visible.variable
        }
    }

    /// What is known of every machine.
    private var ground: HardwareProfile {
        let kernel = world.kernel
        return HardwareProfile(
            system: .init(name: kernel.name.lowercased(), kernel: kernel.release, host: kernel.host),
            processor: .init(
                architecture: kernel.architecture, logicalCores: kernel.processors,
                limit: ProcessorLimit(processors: kernel.processors, source: "sysconf")),
            sources: [
                "os": "uname", "kernel": "uname", "host": "uname", "arch": "uname", "cpus": "sysconf",
                "cpu.logical": "sysconf",
            ])
    }
}
