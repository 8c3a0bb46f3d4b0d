import CICore
import Orchestrator
import SystemPackage

import struct FoundationEssentials.Date

/// Where a run leaves its results: the configured directory, or one that can be written.
struct ResultsPlace {
    let configured: FilePath
    let surroundings: Surroundings

    /// The configured directory, or a temporary one where that cannot be written: the verdict must not be lost to it.
    func make(telling voice: RunVoice) throws(FileError) -> RunDirectory {
        let directory = RunDirectory(root: configured, run: RunID.drawn(at: Date()), files: surroundings.files)
        do throws(FileError) {
            try directory.create()
            return directory
        } catch {
            let other = temporary(directory.run.rawValue)
            voice.warn("\(error); results go to \(other.root)")
            try other.create()
            return other
        }
    }

    /// A directory of its own that does not exist yet.
    func temporary(_ name: String) -> RunDirectory {
        let run = RunID.drawn(at: Date())
        return RunDirectory(
            root: surroundings.temporaryDirectory.appending("dt-ci-\(name)-\(run)"), run: run,
            files: surroundings.files)
    }
}

extension RunID {
    /// Sorts by time, and two runs in one second still differ: `20260131-154502-3f9a1c`.
    static func drawn(at date: Date) -> RunID {
        let digits = date.formatted(.iso8601.year().month().day().time(includingFractionalSeconds: false))
            .filter(\.isNumber)
        let random = String(UInt32.random(in: 0...0xff_ffff) + 0x100_0000, radix: 16).dropFirst()
        return RunID("\(digits.prefix(8))-\(digits.dropFirst(8).prefix(6))-\(random)")
    }
}
