import CICore
import SystemPackage

#if canImport(Glibc)
    import Glibc
#elseif canImport(Darwin)
    import Darwin
#endif

/// What a running process writes, seen from this side.
protocol ProcessStreams: AnyObject {
    /// To be polled for reading.
    var descriptors: [Int32] { get }

    /// How often to look without being woken; `nil` = never.
    var interval: Duration? { get }

    /// Takes what is there without waiting; `true` if there was something new.
    func look() -> Bool

    /// Takes the rest after the end of the process.
    func finish()
}

/// Two pipes whose beginnings are kept in memory; the rest is read and thrown away, so that the child never blocks.
final class CapturePipes: ProcessStreams {
    private struct Stream {
        /// -1 after the end of file.
        var descriptor: Int32
        var bytes: [UInt8] = []
        var isTruncated = false
    }

    let interval: Duration? = nil
    private let limit: Int
    private var output: Stream
    private var errors: Stream
    private var chunk = [UInt8](repeating: 0, count: 64 << 10)
    /// Ends for the child, until `closeChildEnds()`.
    private(set) var childEnds: (output: Int32, errors: Int32)

    /// Opens the pipes; `limit` is the number of bytes kept of each stream.
    init(limit: Int) throws(ProcessError) {
        guard let first = DescriptorPair.pipe() else { throw Self.failure() }
        guard let second = DescriptorPair.pipe() else {
            let failure = Self.failure()
            close(first.reading)
            close(first.writing)
            throw failure
        }
        self.limit = limit
        output = Stream(descriptor: first.reading)
        errors = Stream(descriptor: second.reading)
        childEnds = (aboveStandardStreams(first.writing), aboveStandardStreams(second.writing))
        setNonBlocking(first.reading)
        setNonBlocking(second.reading)
    }

    deinit {
        closeChildEnds()
        for descriptor in descriptors { close(descriptor) }
    }

    var descriptors: [Int32] { [output.descriptor, errors.descriptor].filter { $0 >= 0 } }

    /// After the child has them.
    func closeChildEnds() {
        for descriptor in [childEnds.output, childEnds.errors] where descriptor >= 0 { close(descriptor) }
        childEnds = (-1, -1)
    }

    func look() -> Bool {
        let some = drain(&output)
        return drain(&errors) || some
    }

    func finish() { _ = look() }

    /// What was written, with how the process ended.
    func captured(_ exit: ProcessExit) -> CapturedProcess {
        CapturedProcess(
            exit: exit, standardOutput: output.bytes, standardError: errors.bytes,
            isTruncated: output.isTruncated || errors.isTruncated)
    }

    /// Bounded, so that a child that writes without end does not keep its supervisor from the clock.
    private func drain(_ stream: inout Stream) -> Bool {
        var hasRead = false
        for _ in 0..<32 where stream.descriptor >= 0 {
            let count = read(stream.descriptor, &chunk, chunk.count)
            if count > 0 {
                hasRead = true
                let room = limit - stream.bytes.count
                stream.bytes.append(contentsOf: chunk[..<min(count, room)])
                if count > room { stream.isTruncated = true }
            } else if count == 0 {
                close(stream.descriptor)
                stream.descriptor = -1
            } else if errno != EINTR {
                break
            }
        }
        return hasRead
    }

    private static func failure() -> ProcessError {
        ProcessError(code: .system(errno), description: "cannot open a pipe for a process: \(Errno(rawValue: errno))")
    }
}
