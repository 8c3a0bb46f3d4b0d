package import CICore

package import struct FoundationEssentials.Date

/// A machine as a run saw it.
package struct MachineProfile: Sendable, Hashable {
    /// The same for every boot, and for every machine that is equal to it.
    package var fingerprint: String
    /// In one canonical text; machines with other labels are others.
    package var labels: String
    package var host: String?
    /// The whole profile as a JSON document.
    package var document: String

    package init(fingerprint: String, labels: String, host: String?, document: String) {
        self.fingerprint = fingerprint
        self.labels = labels
        self.host = host
        self.document = document
    }
}

/// A machine that the history knows, or several that are equal.
package struct StoredMachine: Sendable, Hashable {
    /// As it was last seen.
    package var profile: MachineProfile
    package var hardware: HardwareClass
    package var seenAt: Date
    /// In which it took part, of those that are still kept.
    package var runs: Int

    package init(profile: MachineProfile, hardware: HardwareClass, seenAt: Date, runs: Int) {
        self.profile = profile
        self.hardware = hardware
        self.seenAt = seenAt
        self.runs = runs
    }
}
