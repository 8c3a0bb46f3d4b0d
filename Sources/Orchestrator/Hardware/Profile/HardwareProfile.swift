/// What a machine has and may use, as far as it tells; what is not known is `nil` or empty.
package struct HardwareProfile: Sendable, Hashable {
    package var system: System
    package var processor: Processor
    package var memory: Memory
    /// The disk that a run works on first.
    package var disks: [Disk]
    package var accelerators: Accelerators
    /// What the user says of it; a label without a value has an empty one.
    package var labels: [String: String]
    /// Where each fact is from, by the fact's name, such as `cpu.model`.
    package var sources: [String: String]

    package init(
        system: System = System(), processor: Processor = Processor(), memory: Memory = Memory(), disks: [Disk] = [],
        accelerators: Accelerators = Accelerators(), labels: [String: String] = [:], sources: [String: String] = [:]
    ) {
        self.system = system
        self.processor = processor
        self.memory = memory
        self.disks = disks
        self.accelerators = accelerators
        self.labels = labels
        self.sources = sources
    }

    /// The operating system and what it runs in.
    package struct System: Sendable, Hashable {
        /// `linux`, `macos` or `windows`; else the kernel's name in lower case.
        package var name: String
        /// Such as `debian 12`; on macOS and Windows the version alone.
        package var distribution: String?
        package var kernel: String?
        package var host: String?
        /// Such as `docker`, `podman`, `kubernetes`, `lxc` or `wsl`.
        package var container: String?
        /// Such as `kvm`, `vmware` or `hyper-v`; `vm` where only that much is known.
        package var virtualization: String?

        package init(
            name: String = "unknown", distribution: String? = nil, kernel: String? = nil, host: String? = nil,
            container: String? = nil, virtualization: String? = nil
        ) {
            self.name = name
            self.distribution = distribution
            self.kernel = kernel
            self.host = host
            self.container = container
            self.virtualization = virtualization
        }
    }

    /// The processors.
    package struct Processor: Sendable, Hashable {
        package var model: String?
        /// In the kernel's word: `x86_64`, `aarch64`, `arm64`.
        package var architecture: String
        package var physicalCores: Int?
        package var logicalCores: Int?
        /// Instruction sets and the like, sorted.
        package var features: [String]
        /// How many of them this process may use.
        package var limit: ProcessorLimit

        package init(
            model: String? = nil, architecture: String = "unknown", physicalCores: Int? = nil, logicalCores: Int? = nil,
            features: [String] = [], limit: ProcessorLimit = ProcessorLimit(processors: 1, source: "assumed")
        ) {
            self.model = model
            self.architecture = architecture
            self.physicalCores = physicalCores
            self.logicalCores = logicalCores
            self.features = features
            self.limit = limit
        }
    }

    /// The main memory, in bytes.
    package struct Memory: Sendable, Hashable {
        package var total: Int?
        /// Of the control group or virtual machine, where it is below the total.
        package var limit: Int?
        package var available: Int?

        package init(total: Int? = nil, limit: Int? = nil, available: Int? = nil) {
            self.total = total
            self.limit = limit
            self.available = available
        }

        /// What tests can count on: the limit, else the total.
        package var usable: Int? { [total, limit].compactMap(\.self).min() }
    }

    /// A file system that matters to a run, in bytes.
    package struct Disk: Sendable, Hashable {
        package var path: String
        /// `nvme`, `ssd`, `hdd`, `memory`, `network`, or the file system's type.
        package var kind: String?
        package var size: Int?
        package var free: Int?

        package init(path: String, kind: String? = nil, size: Int? = nil, free: Int? = nil) {
            self.path = path
            self.kind = kind
            self.size = size
            self.free = free
        }
    }
}
