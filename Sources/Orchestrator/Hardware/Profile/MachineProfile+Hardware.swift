import CICore
package import TestHistory

extension MachineProfile {
    /// What the history keeps of a profile; what is free at the moment is nothing to keep.
    package init(_ profile: HardwareProfile) {
        var profile = profile
        profile.memory.available = nil
        var writer = JSONWriter()
        HardwareV1.write(DetectedHardware(profile: profile), to: &writer)
        let labels = profile.labels.sorted { $0.key < $1.key }.map {
            $0.value.isEmpty ? $0.key : "\($0.key)=\($0.value)"
        }
        self.init(
            fingerprint: profile.fingerprint, labels: labels.joined(separator: ","), host: profile.system.host,
            document: String(decoding: writer.bytes, as: UTF8.self))
    }

    /// The profile; `nil` of one that a later dt-ci wrote otherwise.
    package var hardware: HardwareProfile? { HardwareV1.read(Array(document.utf8))?.profile }
}
