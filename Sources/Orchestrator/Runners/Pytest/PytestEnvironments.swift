import CICore
import SystemPackage

/// The virtual environments below a directory, which pytest does not enter.
///
/// Up to 8.2 pytest knows one by its activation script, from 8.3 on by `pyvenv.cfg` or conda's history.
struct PytestEnvironments {
    private let start: FilePath
    private let walk: TreeWalk
    private let tools: RunnerTools
    /// `_in_venv` of pytest 7.2 on other systems than Windows.
    private static let scripts = [
        "activate", "activate.csh", "activate.fish", "Activate", "Activate.bat", "Activate.ps1",
    ].map { "bin/" + $0 }

    init(in start: FilePath, of walk: TreeWalk, tools: RunnerTools) {
        self.start = start
        self.walk = walk
        self.tools = tools
    }

    /// Whether all versions of pytest leave out what the walk left out, and nothing else.
    func areClear(by rule: TreeRule) -> Bool {
        let isEntered = walk.files.contains { file in
            !file.hasSuffix(".py") && Self.scripts.contains { file == $0 || file.hasSuffix("/" + $0) }
        }
        return !isEntered
            && walk.leftOut.allSatisfy { directory in
                let path = start.appending(directory)
                let name = path.lastComponent?.string ?? ""
                return rule.leavesOut(named: name, at: "", beside: []) || isEnvironmentToAll(path)
            }
    }

    private func isEnvironmentToAll(_ directory: FilePath) -> Bool {
        ["pyvenv.cfg", "conda-meta/history"].contains { tools.files.kind(of: directory.appending($0)) == .file }
            && Self.scripts.contains { tools.files.kind(of: directory.appending($0)) == .file }
    }
}
