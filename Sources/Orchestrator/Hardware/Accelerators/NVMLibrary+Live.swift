import CICore
import Dispatch
import Synchronization

#if canImport(Glibc)
    import Glibc
#elseif canImport(Darwin)
    import Darwin
#endif

/// The library of NVIDIA's driver (NVML), opened at run time; the names and numbers are those of `nvml.h`.
///
/// The handle of a library that is never closed may be used from any thread.
struct NVMLibrary: @unchecked Sendable {
    private let handle: UnsafeMutableRawPointer

    /// What came of asking it.
    enum Outcome: Sendable {
        case found([GPU])
        /// There is no such library.
        case absent
        /// It is there and cannot be used, as a clause.
        case broken(String)
        case hangs
    }

    /// All cards. A driver that hangs holds up a thread of its own, and this process goes on without it.
    static func gpus(at library: String, within patience: Duration) async -> Outcome {
        // To find that there is none takes no time, however busy the machine is.
        guard let handle = dlopen(library, RTLD_NOW | RTLD_LOCAL) else { return .absent }
        // Never closed: the driver may have left threads behind.
        let opened = NVMLibrary(handle: handle)
        let race = FirstWord()
        return await withCheckedContinuation { continuation in
            race.start(continuation)
            // Nobody waits for this thread after the time is up: it ends with the process. The time begins with it, so that
            // a machine that is slow to start threads is not taken for a driver that hangs.
            DispatchQueue(label: "dt-ci.nvml").async {
                let deadline = DispatchTime.now() + .nanoseconds(Int(clamping: patience.microseconds) * 1000)
                DispatchQueue.global().asyncAfter(deadline: deadline) { race.say(.hangs) }
                race.say(opened.cards())
            }
        }
    }

    private func cards() -> Outcome {
        guard let start: Plain = function("nvmlInit_v2") else { return .broken("lacks nvmlInit_v2") }
        let code = start()
        guard code == 0 else { return .broken("could not start: \(words(for: code))") }
        defer { _ = (function("nvmlShutdown") as Plain?)?() }
        guard let count: Counting = function("nvmlDeviceGetCount_v2"),
            let device: Finding = function("nvmlDeviceGetHandleByIndex_v2")
        else { return .broken("lacks the functions for devices") }
        var number: UInt32 = 0
        let counted = count(&number)
        guard counted == 0, number <= 4096 else { return .broken("cannot count its devices: \(words(for: counted))") }
        let driver = text("nvmlSystemGetDriverVersion")
        let gpus = (0..<number).compactMap { index -> GPU? in
            var handle: Handle?
            // A card that fell off the bus is none.
            guard device(index, &handle) == 0, let handle else { return nil }
            return card(handle, index: Int(index), driver: driver)
        }
        return .found(gpus)
    }

    private func card(_ device: Handle, index: Int, driver: String?) -> GPU {
        GPU(
            id: .init(index: index, uuid: text("nvmlDeviceGetUUID", of: device)), vendor: .nvidia,
            model: text("nvmlDeviceGetName", of: device) ?? "NVIDIA GPU", memory: memory(of: device),
            software: .init(driver: driver, capability: capability(of: device)), partitions: partitions(of: device))
    }

    /// In bytes.
    private func memory(of device: Handle) -> Int? {
        guard let ask: Filling = function("nvmlDeviceGetMemoryInfo") else { return nil }
        // `nvmlMemory_t`: total, free and used.
        var table: [UInt64] = [0, 0, 0]
        guard ask(device, &table) == 0, table[0] > 0 else { return nil }
        return Int(clamping: table[0])
    }

    private func capability(of device: Handle) -> String? {
        guard let ask: Pair = function("nvmlDeviceGetCudaComputeCapability") else { return nil }
        var major: Int32 = 0
        var minor: Int32 = 0
        return ask(device, &major, &minor) == 0 ? "\(major).\(minor)" : nil
    }

    /// The instances of a card whose MIG mode is on.
    private func partitions(of device: Handle) -> [GPU.Partition] {
        guard let mode: Pair = function("nvmlDeviceGetMigMode"),
            let most: (@convention(c) (Handle, UnsafeMutablePointer<UInt32>) -> Int32) = function(
                "nvmlDeviceGetMaxMigDeviceCount"),
            let instance: (@convention(c) (Handle, UInt32, UnsafeMutablePointer<Handle?>) -> Int32) = function(
                "nvmlDeviceGetMigDeviceHandleByIndex")
        else { return [] }
        var current: UInt32 = 0
        var pending: UInt32 = 0
        var count: UInt32 = 0
        guard mode(device, &current, &pending) == 0, current == 1, most(device, &count) == 0 else { return [] }
        return (0..<min(count, 64)).compactMap { index in
            var handle: Handle?
            guard instance(device, index, &handle) == 0, let handle,
                let uuid = text("nvmlDeviceGetUUID", of: handle)
            else { return nil }
            let words = text("nvmlDeviceGetName", of: handle)?.split(separator: " ")
            let profile = words?.last { $0.contains("g.") }.map(String.init)
            return GPU.Partition(uuid: uuid, profile: profile, memory: memory(of: handle))
        }
    }

    // MARK: C

    private typealias Handle = OpaquePointer
    private typealias Plain = @convention(c) () -> Int32
    private typealias Counting = @convention(c) (UnsafeMutablePointer<UInt32>) -> Int32
    private typealias Finding = @convention(c) (UInt32, UnsafeMutablePointer<Handle?>) -> Int32
    private typealias Filling = @convention(c) (Handle, UnsafeMutableRawPointer) -> Int32
    /// Two numbers of 32 bits.
    private typealias Pair = @convention(c) (Handle, UnsafeMutableRawPointer, UnsafeMutableRawPointer) -> Int32
    private typealias Text = @convention(c) (UnsafeMutablePointer<CChar>, UInt32) -> Int32
    private typealias DeviceText = @convention(c) (Handle, UnsafeMutablePointer<CChar>, UInt32) -> Int32

    /// A function pointer's type is known from `nvml.h` alone.
    private func function<Function>(_ name: String) -> Function? {
        dlsym(handle, name).map { unsafeBitCast($0, to: Function.self) }
    }

    private func text(_ name: String) -> String? {
        guard let ask: Text = function(name) else { return nil }
        return text { ask($0, $1) }
    }

    private func text(_ name: String, of device: Handle) -> String? {
        guard let ask: DeviceText = function(name) else { return nil }
        return text { ask(device, $0, $1) }
    }

    /// The header's largest buffer is 96 bytes.
    private func text(_ ask: (UnsafeMutablePointer<CChar>, UInt32) -> Int32) -> String? {
        var bytes = [CChar](repeating: 0, count: 128)
        guard ask(&bytes, 96) == 0 else { return nil }
        let text = String(decoding: bytes.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
        return Orchestrator.DeviceText.known(text)
    }

    private func words(for code: Int32) -> String {
        guard let ask: (@convention(c) (Int32) -> UnsafePointer<CChar>?) = function("nvmlErrorString"),
            let text = ask(code)
        else { return "error \(code)" }
        return SafeText.line(String(cString: text), limit: 100)
    }
}

/// The first of two to speak is heard.
private final class FirstWord: Sendable {
    private let continuation = Mutex<CheckedContinuation<NVMLibrary.Outcome, Never>?>(nil)

    func start(_ continuation: CheckedContinuation<NVMLibrary.Outcome, Never>) {
        self.continuation.withLock { $0 = continuation }
    }

    func say(_ outcome: NVMLibrary.Outcome) { continuation.withLock { $0.take() }?.resume(returning: outcome) }
}
