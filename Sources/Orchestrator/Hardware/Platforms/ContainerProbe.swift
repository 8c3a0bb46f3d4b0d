import CICore
import SystemPackage

extension HardwareProbe {
    /// What the machine runs in: a container or a virtual machine, whose limits count instead of the host's.
    static let container = HardwareProbe("container", applies: { $0.kernel.name == "Linux" }) { world, draft in
        if let found = ContainerTraces(world: world).container {
            draft.set(\.system.container, found.kind, "container", from: found.source)
        }
        if let found = ContainerTraces(world: world).machine {
            draft.set(\.system.virtualization, found.kind, "vm", from: found.source)
        }
    }
}

/// What gives away that this is no machine of its own.
struct ContainerTraces {
    let world: HardwareWorld

    /// The innermost container.
    var container: (kind: String, source: String)? {
        if world.environment["KUBERNETES_SERVICE_HOST"]?.isEmpty == false {
            return ("kubernetes", "KUBERNETES_SERVICE_HOST")
        }
        if world.files.exists("/run/.containerenv") { return ("podman", "/run/.containerenv") }
        if world.files.exists("/.dockerenv") { return ("docker", "/.dockerenv") }
        if let word = world.environment["container"], !word.isEmpty { return (Self.plain(word), "container") }
        if let word = world.line("/run/systemd/container") { return (Self.plain(word), "/run/systemd/container") }
        let groups = world.text("/proc/1/cgroup") ?? ""
        for kind in ["kubepods", "docker", "libpod", "lxc", "garden"] where groups.contains("/\(kind)") {
            return (["kubepods": "kubernetes", "libpod": "podman"][kind] ?? kind, "/proc/1/cgroup")
        }
        guard let version = world.line("/proc/version"), version.lowercased().contains("microsoft") else { return nil }
        return ("wsl", "/proc/version")
    }

    /// The hypervisor, by what the firmware calls the machine.
    var machine: (kind: String, source: String)? {
        let names = ["sys_vendor", "product_name", "board_vendor"].compactMap { world.line("/sys/class/dmi/id/\($0)") }
        let text = names.joined(separator: " ").lowercased()
        if let known = Self.machine(calledBy: text) { return (known, "/sys/class/dmi/id") }
        if let type = world.line("/sys/hypervisor/type") { return (Self.plain(type), "/sys/hypervisor/type") }
        let flags = LinuxProcessorTable(world.text("/proc/cpuinfo") ?? "").features
        return flags.contains("hypervisor") ? ("vm", "/proc/cpuinfo") : nil
    }

    /// What a machine is by its maker's and its own name in lower case; `nil` for one of metal.
    static func machine(calledBy text: String) -> String? { makers.first { text.contains($0.name) }?.kind }

    /// The more telling first: machines of clouds are KVM as well.
    private static let makers: [(name: String, kind: String)] = [
        ("amazon ec2", "ec2"), ("google compute engine", "gce"), ("openstack", "openstack"), ("vmware", "vmware"),
        ("virtualbox", "virtualbox"), ("microsoft corporation virtual machine", "hyper-v"), ("parallels", "parallels"),
        ("xen", "xen"), ("firecracker", "firecracker"), ("bochs", "bochs"), ("qemu", "kvm"), ("kvm", "kvm"),
        ("apple virtualization", "apple"),
    ]

    /// Names come from the outside.
    private static func plain(_ word: String) -> String {
        String(word.lowercased().prefix(40).filter { $0.isASCII && ($0.isLetter || $0.isNumber || "-_.".contains($0)) })
    }
}
