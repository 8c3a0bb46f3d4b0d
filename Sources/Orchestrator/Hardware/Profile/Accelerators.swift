/// What computes beside the processors.
package struct Accelerators: Sendable, Hashable {
    package var gpus: [GPU]
    package var tpus: [Accelerator]
    package var npus: [Accelerator]
    /// What the browsers of the machine can do; empty where none was asked.
    package var browsers: [BrowserSupport]

    package init(
        gpus: [GPU] = [], tpus: [Accelerator] = [], npus: [Accelerator] = [], browsers: [BrowserSupport] = []
    ) {
        self.gpus = gpus
        self.tpus = tpus
        self.npus = npus
        self.browsers = browsers
    }
}

/// A graphics processor.
package struct GPU: Sendable, Hashable {
    package var id: Identity
    package var vendor: Vendor
    package var model: String
    /// Its own memory in bytes; `nil` where it has none or does not tell.
    package var memory: Int?
    package var software: Software
    /// Whether it is a part of the processor and shares its memory.
    package var isIntegrated: Bool
    /// Of a card that is cut (MIG): what programs get in place of the whole.
    package var partitions: [Partition]

    package init(
        id: Identity, vendor: Vendor, model: String, memory: Int? = nil, software: Software = Software(),
        isIntegrated: Bool = false, partitions: [Partition] = []
    ) {
        self.id = id
        self.vendor = vendor
        self.model = model
        self.memory = memory
        self.software = software
        self.isIntegrated = isIntegrated
        self.partitions = partitions
    }

    /// How programs are told to use it.
    package struct Identity: Sendable, Hashable {
        /// 0-based among the devices of its vendor, as the vendor's tools count.
        package var index: Int
        package var uuid: String?

        package init(index: Int, uuid: String? = nil) {
            self.index = index
            self.uuid = uuid
        }
    }

    /// Who made it.
    package enum Vendor: String, Sendable, Hashable, CaseIterable {
        case nvidia
        case amd
        case intel
        case apple
        case other
    }

    /// What drives it.
    package struct Software: Sendable, Hashable {
        package var driver: String?
        /// NVIDIA's compute capability such as `9.0`, or AMD's target such as `gfx90a`.
        package var capability: String?

        package init(driver: String? = nil, capability: String? = nil) {
            self.driver = driver
            self.capability = capability
        }
    }

    /// One instance of a card that is cut.
    package struct Partition: Sendable, Hashable {
        package var uuid: String
        /// Such as `1g.10gb`; `nil` where it is not told.
        package var profile: String?
        package var memory: Int?

        package init(uuid: String, profile: String? = nil, memory: Int? = nil) {
            self.uuid = uuid
            self.profile = profile
            self.memory = memory
        }
    }
}

/// A TPU or NPU.
package struct Accelerator: Sendable, Hashable {
    /// 0-based among those of its kind.
    package var index: Int
    package var model: String
    package var driver: String?
    /// Its device file, where there is one.
    package var path: String?
    /// Whether it is a part of the processor.
    package var isIntegrated: Bool

    package init(
        index: Int, model: String, driver: String? = nil, path: String? = nil, isIntegrated: Bool = false
    ) {
        self.isIntegrated = isIntegrated
        self.index = index
        self.model = model
        self.driver = driver
        self.path = path
    }
}

/// What a browser of the machine can compute with.
package struct BrowserSupport: Sendable, Hashable {
    /// Such as `chromium 140`.
    package var name: String
    package var hasWebGPU: Bool
    package var hasWebNN: Bool

    package init(name: String, hasWebGPU: Bool, hasWebNN: Bool) {
        self.name = name
        self.hasWebGPU = hasWebGPU
        self.hasWebNN = hasWebNN
    }
}
