/// What a node has to give, in the form that requirements are checked against: its profile, or what is left of it.
package struct HardwareOffer: Sendable, Hashable {
    package var cpus: Int
    /// In bytes; `nil` = not known, which meets nothing.
    package var memory: Int?
    /// Free bytes where the run works.
    package var disk: Int?
    /// Devices that a program can be given: a card that is cut counts as its pieces.
    package var gpus: [OfferedGPU]
    /// How many there are.
    package var others: Others
    package var traits: Traits

    package init(
        cpus: Int, memory: Int? = nil, disk: Int? = nil, gpus: [OfferedGPU] = [], others: Others = Others(),
        traits: Traits = Traits()
    ) {
        self.cpus = cpus
        self.memory = memory
        self.disk = disk
        self.gpus = gpus
        self.others = others
        self.traits = traits
    }

    /// Devices that are only counted.
    package struct Others: Sendable, Hashable {
        package var tpus: Int
        package var npus: Int

        package init(tpus: Int = 0, npus: Int = 0) {
            self.tpus = tpus
            self.npus = npus
        }
    }

    /// What no test uses up.
    package struct Traits: Sendable, Hashable {
        package var architecture: String
        /// The system's name and its distribution's: `linux`, `debian`.
        package var systems: [String]
        package var features: Set<String>
        package var labels: [String: String]
        package var hasWebGPU: Bool
        package var hasWebNN: Bool

        package init(
            architecture: String = "", systems: [String] = [], features: Set<String> = [],
            labels: [String: String] = [:], hasWebGPU: Bool = false, hasWebNN: Bool = false
        ) {
            self.architecture = architecture
            self.systems = systems
            self.features = features
            self.labels = labels
            self.hasWebGPU = hasWebGPU
            self.hasWebNN = hasWebNN
        }
    }
}

/// A device that one program can be given.
package struct OfferedGPU: Sendable, Hashable {
    /// As `CUDA_VISIBLE_DEVICES` and its kin take it: the UUID, else the index.
    package var id: String
    package var vendor: GPU.Vendor
    package var model: String
    package var memory: Int?
    package var capability: String?

    package init(
        id: String, vendor: GPU.Vendor, model: String, memory: Int? = nil, capability: String? = nil
    ) {
        self.id = id
        self.vendor = vendor
        self.model = model
        self.memory = memory
        self.capability = capability
    }
}

extension HardwareOffer {
    /// All that a machine has.
    package init(_ profile: HardwareProfile) {
        let system = profile.system
        self.init(
            cpus: profile.processor.limit.processors, memory: profile.memory.usable, disk: profile.disks.first?.free,
            gpus: profile.accelerators.gpus.flatMap(\.offered),
            others: Others(tpus: profile.accelerators.tpus.count, npus: profile.accelerators.npus.count),
            traits: Traits(
                architecture: profile.processor.architecture,
                systems: [system.name]
                    + (system.distribution?.split(separator: " ").first.map { [$0.lowercased()] } ?? []),
                features: Set(profile.processor.features), labels: profile.labels,
                hasWebGPU: profile.accelerators.browsers.contains(where: \.hasWebGPU),
                hasWebNN: profile.accelerators.browsers.contains(where: \.hasWebNN)))
    }
}

extension GPU {
    /// The whole card, or its pieces.
    package var offered: [OfferedGPU] {
        let whole = OfferedGPU(
            id: id.uuid ?? "\(id.index)", vendor: vendor, model: model, memory: memory,
            capability: software.capability)
        guard !partitions.isEmpty else { return [whole] }
        return partitions.map { partition in
            var piece = whole
            piece.id = partition.uuid
            piece.memory = partition.memory
            if let profile = partition.profile { piece.model += " MIG \(profile)" }
            return piece
        }
    }
}
