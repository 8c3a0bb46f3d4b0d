import CICore
import SystemPackage
import Testing

@testable import Orchestrator

struct AcceleratorProbeTests {
    /// A processor, an Instinct card, and one that this process may not read.
    private static let kfd = [
        "/sys/class/kfd/kfd/topology/nodes": "", "/dev/kfd": "", "/dev/dri/renderD128": "",
        "/sys/class/kfd/kfd/topology/nodes/0/properties": "cpu_cores_count 64\nsimd_count 0\ngfx_target_version 0\n",
        "/sys/class/kfd/kfd/topology/nodes/1/properties":
            "cpu_cores_count 0\nsimd_count 440\ngfx_target_version 90010\ndrm_render_minor 128\nunique_id 18446744073709551615\n",
        "/sys/class/kfd/kfd/topology/nodes/1/name": "aldebaran\n",
        "/sys/class/kfd/kfd/topology/nodes/1/mem_banks/0/properties": "heap_type 1\nsize_in_bytes 68702699520\n",
        "/sys/class/kfd/kfd/topology/nodes/1/mem_banks/1/properties": "heap_type 0\nsize_in_bytes 99\n",
        "/sys/class/kfd/kfd/topology/nodes/2/properties": "",
    ]

    @Test func `AMD's cards are in the kernel's topology`() async {
        let profile = await HardwareDetector(world: TestWorld.linux(Self.kfd)).detect().profile
        #expect(
            profile.accelerators.gpus == [
                GPU(
                    id: .init(index: 0, uuid: "GPU-ffffffffffffffff"), vendor: .amd, model: "AMD aldebaran",
                    memory: 68_702_699_520, software: .init(capability: "gfx90a"))
            ])
        #expect(profile.sources["gpu.amd.0"] == "/sys/class/kfd")
    }

    @Test(
        arguments: [
            (
                """
                WARNING: AMD GPU device(s) is/are in a low-power state.
                {"card0": {"Card Series": "AMD INSTINCT MI250 (MCM) OAM", "Card Model": "0x740c", "VRAM Total Memory (B)": "68702699520"},
                "system": {"Driver version": "6.7.0"}}
                """, "AMD INSTINCT MI250 (MCM) OAM", "6.7.0", 0
            ),
            (
                """
                {"card0": {"Card series": "0x740c", "Card model": "Instinct MI250X"}}
                """, "Instinct MI250X", nil, 0
            ),
            ("{\"card0\": {}, \"card1\": {}}", "AMD aldebaran", nil, 0), ("ERROR: no driver", "AMD aldebaran", nil, 1),
            ("{\"card0\": ", "AMD aldebaran", nil, 1),
        ] as [(String, String, String?, Int)])
    func `AMD's program names them`(text: String, model: String, driver: String?, warnings: Int) async {
        let world = TestWorld.linux(
            Self.kfd, environment: ["PATH": "/bin"], processes: Answers(answers: ["rocm-smi": .text(text)]))
        let detected = await HardwareDetector(world: world).detect()
        #expect(detected.profile.accelerators.gpus.map(\.model) == [model])
        #expect(detected.profile.accelerators.gpus.first?.software.driver == driver)
        #expect(detected.warnings.count == warnings)
    }

    @Test func `a container without the device files has none of the host's cards`() async {
        for path in ["/dev/dri/renderD128", "/dev/kfd"] {
            var files = Self.kfd
            files[path] = nil
            let detected = await HardwareDetector(world: TestWorld.linux(files)).detect()
            #expect(detected.profile.accelerators.gpus.isEmpty && detected.warnings.isEmpty)
        }
    }

    @Test(arguments: [
        (90010, "gfx90a"), (100306, "gfx1036"), (110501, "gfx1151"), (90402, "gfx942"), (80003, "gfx803"),
    ])
    func `a target's number is its name`(number: Int, name: String) { #expect(AMDTopology.target(number) == name) }

    @Test func `Intel's and integrated cards are in the display subsystem, pictures alone are none`() async {
        let world = TestWorld.linux([
            "/dev/dri/card0": "", "/dev/dri/card1": "", "/dev/dri/card2": "", "/dev/dri/renderD128": "",
            "/sys/class/drm/card0/device/vendor": "0x8086\n", "/sys/class/drm/card0/device/device": "0x9a49\n",
            "/sys/class/drm/card0/device/uevent": "DRIVER=i915\nPCI_CLASS=30000\n",
            "/sys/class/drm/card0-HDMI-A-1/status": "connected\n",
            "/sys/class/drm/renderD128/device/vendor": "0x8086\n",
            "/sys/class/drm/card1/device/vendor": "0x1af4\n",
            "/sys/class/drm/card2/device/vendor": "0x1002\n",
            "/sys/class/drm/card2/device/mem_info_vram_total": "8573157376\n",
            "/sys/class/drm/card3/device/vendor": "0x8086\n",
        ])
        let profile = await HardwareDetector(world: world).detect().profile
        #expect(
            profile.accelerators.gpus == [
                GPU(
                    id: .init(index: 0), vendor: .intel, model: "Intel GPU 0x9a49", software: .init(driver: "i915"),
                    isIntegrated: true),
                GPU(id: .init(index: 0), vendor: .amd, model: "AMD GPU", memory: 8_573_157_376),
            ])
        #expect(profile.hardwareClass == "linux-x86_64-4cpu-1xgpu")
    }

    @Test(
        arguments: [
            (["/dev/accel0": "", "/dev/accel1": ""], 2), (["/dev/vfio/0": "", "/dev/vfio/vfio": ""], 1), ([:], 0),
        ] as [([String: String], Int)])
    func `TPUs are the chips that this process can reach`(devices: [String: String], count: Int) async {
        var files = devices
        for number in 0..<2 {
            files["/sys/bus/pci/devices/0000:0\(number)/vendor"] = "0x1ae0\n"
            files["/sys/bus/pci/devices/0000:0\(number)/device"] = "0x0063\n"
        }
        files["/sys/bus/pci/devices/0000:09/vendor"] = "0x1ae0\n"
        files["/sys/bus/pci/devices/0000:09/device"] = "0x0042\n"
        files["/lib/libtpu.so"] = ""
        let detected = await HardwareDetector(world: TestWorld.linux(files)).detect()
        #expect(detected.profile.accelerators.tpus.map(\.model) == .init(repeating: "TPU v5e", count: count))
        #expect(detected.warnings == [])
    }

    @Test func `TPUs without their library are told`() async {
        let files = [
            "/dev/accel0": "", "/sys/bus/pci/devices/1/vendor": "0x1ae0", "/sys/bus/pci/devices/1/device": "0x005e",
        ]
        #expect(await HardwareDetector(world: TestWorld.linux(files)).detect().warnings.count == 1)
    }

    @Test func `NPUs are in the kernel's class of accelerators`() async {
        let world = TestWorld.linux([
            "/sys/class/accel": "", "/dev/accel/accel0": "", "/dev/accel/accel1": "",
            "/sys/class/accel/accel0/device/uevent": "DRIVER=intel_vpu\n",
            "/sys/class/accel/accel1/device/vendor": "0x1234\n",
        ])
        let profile = await HardwareDetector(world: world).detect().profile
        #expect(profile.accelerators.npus.map(\.model) == ["Intel NPU", "NPU 0x1234"])
        #expect(profile.accelerators.npus.map(\.path) == ["/dev/accel/accel0", "/dev/accel/accel1"])
        #expect(profile.hardwareClass == "linux-x86_64-4cpu-1xnpu-0x1234")
    }
}
