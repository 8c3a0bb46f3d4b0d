import CICore
import SystemPackage

extension RunnerTools {
    /// A side file of one listing: of its own for each suite and each list of arguments, since listings run side by
    /// side.
    func scratchFile(_ name: String, of suite: Suite, for arguments: [String]) -> FilePath {
        var hasher = Hasher()
        hasher.combine(suite.name)
        hasher.combine(arguments)
        let number = UInt(bitPattern: hasher.finalize())
        return scratch.appending("\(String(number, radix: 36))-\(name)")
    }
}
