package import CICore

/// The `dt-ci/hardware/v1` document: a machine's profile in bytes, with the source of each fact.
package enum HardwareV1 {
    /// The `schema` of the documents written here.
    package static let schema = "dt-ci/hardware/v1"

    /// The whole document as an object.
    package static func write(_ hardware: DetectedHardware, to writer: inout JSONWriter) {
        let profile = hardware.profile
        writer.object { writer in
            writer.member("schema", schema)
            writer.member("class", profile.hardwareClass.rawValue)
            writer.member("fingerprint", profile.fingerprint)
            write(profile.system, to: &writer)
            write(profile.processor, to: &writer)
            writer.key("memory")
            writer.object { writer in
                writer.member("total", profile.memory.total)
                writer.member("limit", profile.memory.limit)
                writer.member("available", profile.memory.available)
            }
            writer.key("disks")
            writer.array(profile.disks) { writer, disk in write(disk, to: &writer) }
            write(profile.accelerators, to: &writer)
            write(profile.labels, as: "labels", to: &writer)
            write(profile.sources, as: "sources", to: &writer)
            writer.key("warnings")
            writer.array(hardware.warnings) { $0.value($1) }
        }
    }

    private static func write(_ system: HardwareProfile.System, to writer: inout JSONWriter) {
        writer.key("system")
        writer.object { writer in
            writer.member("name", system.name)
            writer.member("distribution", system.distribution)
            writer.member("kernel", system.kernel)
            writer.member("host", system.host)
            writer.member("container", system.container)
            writer.member("virtualization", system.virtualization)
        }
    }

    private static func write(_ processor: HardwareProfile.Processor, to writer: inout JSONWriter) {
        writer.key("cpu")
        writer.object { writer in
            writer.member("model", processor.model)
            writer.member("architecture", processor.architecture)
            writer.member("physicalCores", processor.physicalCores)
            writer.member("logicalCores", processor.logicalCores)
            writer.member("available", processor.limit.processors)
            writer.member("limitedBy", processor.limit.source)
            writer.key("features")
            writer.array(processor.features) { $0.value($1) }
        }
    }

    private static func write(_ disk: HardwareProfile.Disk, to writer: inout JSONWriter) {
        writer.object { writer in
            writer.member("path", disk.path)
            writer.member("kind", disk.kind)
            writer.member("size", disk.size)
            writer.member("free", disk.free)
        }
    }

    private static func write(_ accelerators: Accelerators, to writer: inout JSONWriter) {
        writer.key("gpus")
        writer.array(accelerators.gpus) { writer, gpu in write(gpu, to: &writer) }
        writer.key("tpus")
        writer.array(accelerators.tpus) { writer, tpu in write(tpu, to: &writer) }
        writer.key("npus")
        writer.array(accelerators.npus) { writer, npu in write(npu, to: &writer) }
        writer.key("browsers")
        writer.array(accelerators.browsers) { writer, browser in
            writer.object { writer in
                writer.member("name", browser.name)
                writer.member("webgpu", browser.hasWebGPU)
                writer.member("webnn", browser.hasWebNN)
            }
        }
    }

    private static func write(_ gpu: GPU, to writer: inout JSONWriter) {
        writer.object { writer in
            writer.member("index", gpu.id.index)
            writer.member("uuid", gpu.id.uuid)
            writer.member("vendor", gpu.vendor.rawValue)
            writer.member("model", gpu.model)
            writer.member("memory", gpu.memory)
            writer.member("driver", gpu.software.driver)
            writer.member("capability", gpu.software.capability)
            writer.member("integrated", gpu.isIntegrated)
            writer.key("partitions")
            writer.array(gpu.partitions) { writer, partition in
                writer.object { writer in
                    writer.member("uuid", partition.uuid)
                    writer.member("profile", partition.profile)
                    writer.member("memory", partition.memory)
                }
            }
        }
    }

    private static func write(_ device: Accelerator, to writer: inout JSONWriter) {
        writer.object { writer in
            writer.member("index", device.index)
            writer.member("model", device.model)
            writer.member("driver", device.driver)
            writer.member("path", device.path)
            writer.member("integrated", device.isIntegrated)
        }
    }

    /// Sorted, so that equal profiles are equal bytes.
    private static func write(_ texts: [String: String], as name: StaticString, to writer: inout JSONWriter) {
        writer.key(name)
        writer.object { writer in
            for (name, value) in texts.sorted(by: { $0.key < $1.key }) {
                writer.key(dynamic: name)
                writer.value(value)
            }
        }
    }
}
