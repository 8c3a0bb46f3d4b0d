import CICore
import SystemPackage

extension HardwareProbe {
    /// Cards that only the kernel's display subsystem tells of: Intel's, integrated ones, AMD's without compute.
    static let displays = HardwareProbe("drm", applies: { $0.kernel.name == "Linux" }) { world, draft in
        let known = Set(draft.profile.accelerators.gpus.map(\.vendor))
        let gpus = DRMCards(world: world).gpus.filter { !known.contains($0.vendor) }
        draft.add(gpus, from: "/sys/class/drm")
        if world.files.exists("/dev/nvidiactl"), !known.contains(.nvidia), draft.warnings.isEmpty,
            !world.names(in: "/proc/driver/nvidia/gpus").isEmpty
        {
            draft.warnings.append(
                "the kernel has NVIDIA cards, but neither NVML nor nvidia-smi tells of them: install the driver's tools"
            )
        }
    }
}

/// `/sys/class/drm`, without what only shows pictures.
struct DRMCards {
    private(set) var gpus: [GPU] = []

    init(world: HardwareWorld) {
        var counts: [GPU.Vendor: Int] = [:]
        // A container sees the host's cards, but only the device files that it was given.
        for name in world.names(in: "/dev/dri") where Self.isCard(name) {
            let device = "/sys/class/drm/\(name)/device"
            guard let vendor = Self.vendor(world.line("\(device)/vendor")) else { continue }
            let memory = world.line("\(device)/mem_info_vram_total").flatMap { Int($0) }
            let driver = Self.driver(world.text("\(device)/uevent") ?? "")
            let id = world.line("\(device)/device").map { " \($0)" } ?? ""
            let index = counts[vendor, default: 0]
            counts[vendor] = index + 1
            gpus.append(
                GPU(
                    id: .init(index: index), vendor: vendor, model: DeviceText.plain(Self.name(of: vendor) + id),
                    memory: memory, software: .init(driver: driver), isIntegrated: memory == nil))
        }
    }

    /// `card0`, and not the connectors `card0-HDMI-A-1`.
    private static func isCard(_ name: String) -> Bool {
        name.hasPrefix("card") && name.count > 4 && name.dropFirst(4).allSatisfy(\.isNumber)
    }

    /// By PCI; NVIDIA's are for its own library, and others (virtual displays, servers' consoles) compute nothing.
    private static func vendor(_ id: String?) -> GPU.Vendor? {
        switch id {
        case "0x8086": .intel
        case "0x1002": .amd
        default: nil
        }
    }

    private static func name(of vendor: GPU.Vendor) -> String { vendor == .intel ? "Intel GPU" : "AMD GPU" }

    private static func driver(_ text: String) -> String? {
        text.split(separator: "\n").first { $0.hasPrefix("DRIVER=") }.map { DeviceText.plain(String($0.dropFirst(7))) }
    }
}
