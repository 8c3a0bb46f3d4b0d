import CICore
import SystemPackage

#if canImport(Glibc)
    import Glibc
#elseif canImport(Darwin)
    import Darwin
#endif

/// The files that a process writes to, watched for growth and, if wanted, read along.
final class OutputFollower: ProcessStreams {
    private struct File {
        let stream: ProcessNotice.OutputStream
        /// For the child; -1 once it has it.
        var writer: Int32
        /// For this side; -1 if nobody wants to know.
        let reader: Int32
        /// Bytes seen so far.
        var offset: Int64 = 0
    }

    let interval: Duration?
    private let isFollowed: Bool
    private let notice: (ProcessNotice) -> Void
    private var files: [File] = []
    private var chunk: [UInt8] = []

    /// Opens the files for the child; also for reading if they are followed or watched for silence.
    init(
        _ output: OutputFiles, silence: Duration?, notice: @escaping (ProcessNotice) -> Void
    ) throws(ProcessError) {
        self.notice = notice
        isFollowed = output.isFollowed
        let patience = silence.map { max(.milliseconds(5), min($0 / 8, .seconds(1))) }
        interval = output.isFollowed ? min(patience ?? .milliseconds(100), .milliseconds(100)) : patience
        files.append(try Self.open(output.output, .output, isRead: interval != nil))
        if let errors = output.errors { files.append(try Self.open(errors, .errors, isRead: interval != nil)) }
        if isFollowed { chunk = [UInt8](repeating: 0, count: 64 << 10) }
    }

    deinit {
        closeChildEnds()
        for file in files where file.reader >= 0 { close(file.reader) }
    }

    /// What the child gets as standard output and standard error.
    var childEnds: (output: Int32, errors: Int32) { (files[0].writer, files[files.count - 1].writer) }

    /// After the child has them.
    func closeChildEnds() {
        for index in files.indices where files[index].writer >= 0 {
            close(files[index].writer)
            files[index].writer = -1
        }
    }

    var descriptors: [Int32] { [] }

    func look() -> Bool { read(chunksAtMost: 16) }

    func finish() { if isFollowed { _ = read(chunksAtMost: .max) } }

    private func read(chunksAtMost limit: Int) -> Bool {
        var hasGrown = false
        for index in files.indices where files[index].reader >= 0 {
            let before = files[index].offset
            if isFollowed { tell(of: &files[index], limit) } else { files[index].offset = Self.size(of: files[index]) }
            hasGrown = hasGrown || files[index].offset != before
        }
        return hasGrown
    }

    /// What is there now; not what a process that escaped may add meanwhile.
    private func tell(of file: inout File, _ limit: Int) {
        let end = Self.size(of: file)
        var left = limit
        while file.offset < end, left > 0 {
            let count = pread(file.reader, &chunk, min(chunk.count, Int(end - file.offset)), off_t(file.offset))
            guard count > 0 else { return }
            file.offset += Int64(count)
            left -= 1
            notice(.wrote(Array(chunk[..<count]), file.stream))
        }
    }

    private static func size(of file: File) -> Int64 {
        var status = stat()
        return fstat(file.reader, &status) == 0 ? Int64(status.st_size) : file.offset
    }

    private static func open(
        _ path: FilePath, _ stream: ProcessNotice.OutputStream, isRead: Bool
    ) throws(ProcessError) -> File {
        do {
            let writer = try FileDescriptor.open(
                path, .writeOnly, options: [.create, .truncate, .append, .closeOnExec],
                permissions: [.ownerReadWrite, .groupRead, .otherRead])
            let reader = isRead ? try FileDescriptor.open(path, .readOnly, options: .closeOnExec).rawValue : -1
            return File(stream: stream, writer: aboveStandardStreams(writer.rawValue), reader: reader)
        } catch {
            let reason = error as? Errno ?? .ioError
            throw ProcessError(
                code: .system(reason.rawValue), description: "cannot open the output file \(path): \(reason)")
        }
    }
}
