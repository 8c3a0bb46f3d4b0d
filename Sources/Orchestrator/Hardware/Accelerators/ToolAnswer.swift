import CICore
import SystemPackage

extension HardwareDraft {
    /// What a program says, within what is left of the time for tools; `nil` with a warning where it is broken, and without
    /// one where it is not there.
    mutating func answer(
        of arguments: [String], isOptional: Bool = false, in world: HardwareWorld
    ) async -> CapturedProcess? {
        guard let name = arguments.first,
            let executable = world.processes.locate(name, path: world.environment["PATH"] ?? "")
        else { return nil }
        hasAskedTools = true
        guard patience > .zero else {
            warnings.append("\(name) was not asked: the time for hardware tools was over")
            return nil
        }
        let command = ProcessCommand(
            [executable.string] + arguments.dropFirst(), environment: world.environment,
            workingDirectory: world.workingDirectory)
        do {
            let process = try await world.processes.capture(command, limit: Self.longestAnswer, timeout: patience)
            if process.isTruncated {
                warnings.append("\(name) says more than \(ByteSize.exact(Self.longestAnswer)) and is not believed")
                return nil
            }
            guard process.exit.isSuccess || isOptional else {
                let words = [process.standardError, process.standardOutput].lazy
                    .map { SafeText.line(String(decoding: $0.prefix(400), as: UTF8.self).trimmed, limit: 200) }
                    .first { !$0.isEmpty }
                warnings.append("\(name) ended with \(process.exit)" + (words.map { ": \($0)" } ?? ""))
                return nil
            }
            return process
        } catch {
            warnings.append(
                error.code == .timedOut ? "\(name) did not answer in time and was ended" : error.description)
            return nil
        }
    }

    /// No machine has so many devices.
    private static let longestAnswer = 1 << 20
}
