import CICore
import SystemPackage

extension HardwareProbe {
    /// Google's TPUs, as chips on the bus that this process can reach.
    static let tpus = HardwareProbe("tpu", applies: { $0.kernel.name == "Linux" }) { world, draft in
        let chips = TPUChips(world: world)
        guard !chips.all.isEmpty else { return }
        draft.set(\.accelerators.tpus, to: chips.all, "tpu", from: "/sys/bus/pci")
        if !chips.hasLibrary {
            draft.warnings.append(
                "there are TPUs, but no libtpu.so is where it usually is; TPU_LIBRARY_PATH may name it")
        }
    }

    /// Processors for neural networks, by the kernel's class of compute accelerators.
    static let npus = HardwareProbe("npu", applies: { $0.files.exists("/sys/class/accel") }) { world, draft in
        let npus = NPUDevices(world: world).all
        guard !npus.isEmpty else { return }
        draft.set(\.accelerators.npus, to: npus, "npu", from: "/sys/class/accel")
    }
}

/// Chips with Google's PCI id, whose device files are `/dev/accel0` or, from v5 on, `/dev/vfio/0`.
struct TPUChips {
    private(set) var all: [Accelerator] = []
    private let world: HardwareWorld

    init(world: HardwareWorld) {
        self.world = world
        let root = "/sys/bus/pci/devices"
        let paths = Self.devices(world)
        guard !paths.isEmpty else { return }
        for name in world.names(in: root) where world.line("\(root)/\(name)/vendor") == "0x1ae0" {
            guard let model = world.line("\(root)/\(name)/device").flatMap({ Self.models[$0] }) else { continue }
            let path = paths.indices.contains(all.count) ? paths[all.count] : nil
            all.append(Accelerator(index: all.count, model: model, path: path))
        }
        // A container sees fewer device files than the bus has chips.
        all = Array(all.prefix(paths.count))
    }

    /// Whether what drives them is where it usually is, or where the variable says.
    var hasLibrary: Bool {
        let named = world.environment["TPU_LIBRARY_PATH"].map { [$0] } ?? []
        return (named + ["/lib/libtpu.so", "/usr/lib/libtpu.so", "/usr/local/lib/libtpu.so"]).contains {
            world.files.exists(.init($0))
        }
    }

    private static func devices(_ world: HardwareWorld) -> [String] {
        let plain = world.names(in: "/dev").filter { $0.hasPrefix("accel") && Int($0.dropFirst(5)) != nil }
        if !plain.isEmpty { return plain.map { "/dev/\($0)" } }
        return world.names(in: "/dev/vfio").filter { Int($0) != nil }.map { "/dev/vfio/\($0)" }
    }

    /// Device ids; Google's network cards have the same vendor.
    private static let models = [
        "0x0027": "TPU v3", "0x005e": "TPU v4", "0x0062": "TPU v5p", "0x0063": "TPU v5e", "0x006f": "TPU v6e",
        "0x0076": "TPU v7x",
    ]
}

/// `/sys/class/accel`.
struct NPUDevices {
    private(set) var all: [Accelerator] = []

    init(world: HardwareWorld) {
        for name in world.names(in: "/dev/accel") where name.hasPrefix("accel") {
            let device = "/sys/class/accel/\(name)/device"
            let facts = (world.text("\(device)/uevent") ?? "").split(separator: "\n")
            let driver = facts.first { $0.hasPrefix("DRIVER=") }.map { DeviceText.plain(String($0.dropFirst(7))) }
            let known = driver.flatMap { Self.models[$0] }
            let vendor = world.line("\(device)/vendor").map(DeviceText.plain)
            all.append(
                Accelerator(
                    index: all.count, model: known?.model ?? "NPU \(vendor ?? name)", driver: driver,
                    path: "/dev/accel/\(name)", isIntegrated: known?.isIntegrated ?? false))
        }
    }

    /// By the kernel's drivers.
    private static let models: [String: (model: String, isIntegrated: Bool)] = [
        "intel_vpu": ("Intel NPU", true), "amdxdna": ("AMD NPU", true), "rocket": ("Rockchip NPU", true),
        "habanalabs": ("Gaudi", false), "qaic": ("Cloud AI 100", false),
    ]
}
