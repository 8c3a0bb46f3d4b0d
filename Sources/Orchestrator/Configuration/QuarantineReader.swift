package import CICore
package import SystemPackage
import Yams

extension Quarantine {
    /// Reads `quarantine.yml`; a file that is not there is an empty quarantine.
    ///
    /// Throws `ConfigurationError` with everything that is wrong with it.
    package init(file: FilePath, files: any FileSystem) throws(ConfigurationError) {
        guard files.exists(file) else {
            self.init()
            return
        }
        let source = file.lastComponent?.string ?? file.string
        do {
            try self.init(bytes: try files.contents(of: file, limit: YAMLDocument.limit), source: source)
        } catch let error as ConfigurationError {
            throw error
        } catch {
            throw ConfigurationError([.init(source: source, problem: "\(error)")])
        }
    }

    /// Reads the bytes of a `quarantine.yml`.
    package init(bytes: [UInt8], source: String) throws(ConfigurationError) {
        var reading = Reading(source: source)
        let root = try YAMLDocument.root(of: bytes, source: source)
        let settings = root.flatMap { node in
            node.isNothing ? nil : Settings(reading: node, as: QuarantineRootKeys.section, &reading)
        }
        guard reading.issues.isEmpty else { throw ConfigurationError(reading.issues) }
        self.init(entries: (settings?[QuarantineRootKeys.quarantine] ?? []).compactMap(Entry.init))
    }
}

extension Quarantine.Entry {
    /// `nil` if something is missing, which reading has reported.
    fileprivate init?(_ settings: Settings) {
        guard let test = settings[QuarantineKeys.test], let owner = settings[QuarantineKeys.owner],
            let reason = settings[QuarantineKeys.reason], let expires = settings[QuarantineKeys.expires]
        else { return nil }
        self.init(
            test: TestPattern(test), owner: owner, reason: reason, expires: expires, position: settings.position)
    }
}
