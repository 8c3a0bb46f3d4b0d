import CICore
import Orchestrator

extension Surroundings {
    /// What this machine has, with the labels that the user gives it.
    func hardware(_ settings: HardwareSettings = HardwareSettings()) async -> DetectedHardware {
        let world = HardwareWorld.live(files: files, environment: environment, workingDirectory: workingDirectory)
        return await HardwareDetector(world: world, labels: settings.labels).detect()
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
