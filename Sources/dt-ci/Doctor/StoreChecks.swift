import CICore
import Orchestrator
import Reporting
import SystemPackage
import TestHistory

import struct FoundationEssentials.Date

#if canImport(Glibc)
    import Glibc
#elseif canImport(Darwin)
    import Darwin
#endif

/// History, results and quarantine, as findings; blocks for as long as disk and database take.
struct StoreChecks: Sendable {
    let configuration: Configuration
    let files: any FileSystem
    let temporary: FilePath
    /// Whether the next build may begin on another machine.
    let isCI: Bool

    func findings() -> [Finding] { history + results + [quarantine] }

    // MARK: History

    private var history: [Finding] {
        do throws(HistoryError) {
            let url = try HistoryURL(configuration.storage.history, root: configuration.root)
            guard files.exists(url.path) else { return absent(url.path) }
            let extent = try url.openExisting().extent()
            let size = files.size(of: url.path).map { ", \(StoreRules.bytes(Int64($0)))" } ?? ""
            let text =
                "\(relative(url.path)): \(RunSentence.count(extent.runs, "run")) of "
                + "\(RunSentence.count(extent.tests, "test"))\(size), schema \(extent.schema)"
            guard isWritable(url.path) else {
                return [
                    Finding(
                        .problem, "history", "\(text), but it cannot be written: no run is remembered",
                        advice: "make the file writable, or choose another with --history")
                ]
            }
            return [Finding(.ok, "history", text)]
        } catch {
            return [
                Finding(
                    .problem, "history", error.description,
                    advice: error.code == .unsupported
                        ? "set history: to sqlite:PATH in dt-ci.yml" : "until then a run plans without estimates")
            ]
        }
    }

    private func absent(_ path: FilePath) -> [Finding] {
        guard let place = standing(above: path), files.kind(of: place) == .directory, isWritable(place) else {
            return [
                Finding(
                    .problem, "history", "nothing can be written at \(path): no run is remembered",
                    advice: "choose another place with --history sqlite:PATH")
            ]
        }
        guard isCI else { return [Finding(.ok, "history", "none yet; the first run writes \(relative(path))")] }
        return [
            Finding(
                .note, "history", "none yet at \(relative(path)): the plan of this build is without estimates",
                advice: "keep \(relative(path)) from build to build in the service's cache")
        ]
    }

    // MARK: Results and quarantine

    private var results: [Finding] {
        let path = configuration.storage.results
        guard let place = standing(above: path), files.kind(of: place) == .directory, isWritable(place) else {
            let isLost = !isWritable(temporary) || files.kind(of: temporary) != .directory
            return [
                Finding(
                    isLost ? .broken(.infrastructure) : .problem, "results",
                    "\(path) cannot be written"
                        + (isLost ? ", nor can \(temporary)" : "; results would go to \(temporary)"),
                    advice: "choose another place with --results")
            ]
        }
        return [StoreRules.results(relative(path), free: Self.freeBytes(at: place))]
    }

    private var quarantine: Finding {
        let path = configuration.storage.quarantine
        do throws(ConfigurationError) {
            let quarantine = try Quarantine(file: path, files: files)
            return StoreRules.quarantine(quarantine, on: CalendarDay(Date()), isThere: files.exists(path))
        } catch {
            return Finding(.broken(.usage), "quarantine", error.description, advice: "mend \(relative(path))")
        }
    }

    // MARK: Parts

    /// The path itself or the nearest directory above it that is there.
    private func standing(above path: FilePath) -> FilePath? {
        var place = path
        while !files.exists(place) {
            guard place.removeLastComponent() else { return nil }
        }
        return place
    }

    private func isWritable(_ path: FilePath) -> Bool { access(path.string, W_OK) == 0 }

    private func relative(_ path: FilePath) -> String {
        var rest = path
        return rest.removePrefix(configuration.root) ? rest.string : path.string
    }

    /// What an ordinary user may still write; `nil` where the system does not tell.
    private static func freeBytes(at path: FilePath) -> Int64? {
        var status = statvfs()
        guard statvfs(path.string, &status) == 0 else { return nil }
        return Int64(
            clamping: UInt64(status.f_bavail).multipliedReportingOverflow(by: UInt64(status.f_frsize)).partialValue)
    }
}

/// What stores say, judged.
enum StoreRules {
    private static let enough: Int64 = 1 << 30

    /// `free` is in bytes; `nil` = unknown.
    static func results(_ path: String, free: Int64?) -> Finding {
        guard let free else { return Finding(.ok, "results", path) }
        let text = "\(path), \(bytes(free)) free"
        guard free < enough else { return Finding(.ok, "results", text) }
        return Finding(
            .note, "results", text, advice: "make room: reports and logs of a large run can take more than that")
    }

    static func quarantine(_ quarantine: Quarantine, on day: CalendarDay, isThere: Bool) -> Finding {
        guard isThere else { return Finding(.ok, "quarantine", "none") }
        let count = quarantine.entries.count
        let text = count == 1 ? "1 entry" : "\(count) entries"
        guard let expired = quarantine.expired(on: day).first else { return Finding(.ok, "quarantine", text) }
        return Finding(
            .problem, "quarantine",
            "\(text); that of \(expired.test) ended on \(expired.expires), and a run fails with exit code 1 for it",
            advice: "mend the test or take the entry out; \(expired.owner) answers for it")
    }

    /// `640 B`, `12.5 MiB`, `1.2 GiB`.
    static func bytes(_ count: Int64) -> String {
        let units = ["B", "KiB", "MiB", "GiB", "TiB", "PiB"]
        var value = Double(count)
        var unit = 0
        while value >= 1024, unit < units.count - 1 {
            value /= 1024
            unit += 1
        }
        return "\(DurationText.decimal(value, places: unit == 0 || value >= 100 ? 0 : 1)) \(units[unit])"
    }
}
