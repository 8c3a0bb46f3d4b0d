import CICore
import SystemPackage

/// Where CTest finds its tests: build directories that CMake has configured.
struct CTestProject {
    static let tool = RunnerProfile.Tool(executable: "ctest", debianPackages: ["cmake"])
    private static let usual = ["build", "_build", "out", "cmake-build-debug", "cmake-build-release"]
    let suite: Suite
    let tools: RunnerTools

    /// The build directories of the suite, relative to its own: the paths that name one, else the usual place.
    ///
    /// - Throws: `.badConfiguration` where nothing is configured.
    func directories() throws(RunnerError) -> (found: [String], unmatched: [String]) {
        guard suite.selection.paths.isEmpty else {
            let found = suite.selection.paths.filter(isConfigured)
            return (found, suite.selection.paths.filter { !found.contains($0) })
        }
        if let found = (["."] + Self.usual).first(where: isConfigured) { return ([found], []) }
        let nested = Self.usual.flatMap { parent in names(in: parent).map { "\(parent)/\($0)" } }
        if let found = nested.first(where: isConfigured) { return ([found], []) }
        throw RunnerError(
            code: .badConfiguration, suite: suite.name,
            description: """
                suite \(suite.name): no configured build directory in \(suite.workingDirectory): run \
                `cmake -S . -B build && cmake --build build`, or name the directory in `paths`
                """)
    }

    private func isConfigured(_ directory: String) -> Bool {
        tools.files.exists(suite.workingDirectory.appending(directory).appending("CTestTestfile.cmake"))
    }

    private func names(in directory: String) -> [String] {
        // A directory that is not there holds no build.
        guard let entries = try? tools.files.entries(of: suite.workingDirectory.appending(directory)) else { return [] }
        return entries.filter { $0.kind == .directory }.map(\.name)
    }
}
