import CICore
import Orchestrator

import struct FoundationEssentials.Date

extension Surroundings {
    /// What this machine has, with the labels that the user gives it.
    func hardware(
        _ settings: HardwareSettings = HardwareSettings(), refreshing: Bool = false
    ) async -> DetectedHardware {
        let world = HardwareWorld.live(files: files, environment: environment, workingDirectory: workingDirectory)
        let cache = HardwareCache.file(in: environment).map { HardwareCache(file: $0, now: Date()) }
        return await HardwareDetector(world: world, labels: settings.labels, cache: cache)
            .detect(refreshing: refreshing)
    }
}

extension DetectedHardware {
    /// The kind of machine that durations are keyed by.
    var hardwareClass: HardwareClass { profile.hardwareClass }

    /// Batches at once, where nobody says otherwise.
    var processors: Int { profile.processor.limit.processors }

    /// The machine as plans see it.
    func shape(slots: Int) -> NodeShape {
        NodeShape(hardware: hardwareClass, slots: slots, offer: HardwareOffer(profile))
    }
}
