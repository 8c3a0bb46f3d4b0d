import CICore

/// Which directories a walk does not enter.
struct TreeRule: Sendable {
    /// Whether a directory is left out for its name; gets the name, the path before it and its neighbours.
    private let byName: @Sendable (String, String, [DirectoryEntry]) -> Bool
    /// Files that mark the directory they are in.
    private let markers: Set<String>

    init(markers: Set<String>, byName: @escaping @Sendable (String, String, [DirectoryEntry]) -> Bool) {
        self.markers = markers
        self.byName = byName
    }

    /// Whether a directory is left out before it is looked into.
    func leavesOut(named name: String, at prefix: String, beside entries: [DirectoryEntry]) -> Bool {
        byName(name, prefix, entries)
    }

    /// Whether it is left out for what it holds.
    func leavesOut(holding entries: [DirectoryEntry]) -> Bool {
        entries.contains { markers.contains($0.name) }
    }

    /// Hidden directories, installed packages, build outputs and virtual environments.
    static let standard = TreeRule(markers: ["pyvenv.cfg", "CACHEDIR.TAG", "CMakeCache.txt"]) { name, _, entries in
        name.utf8.first == UInt8(ascii: ".") || alwaysOut.contains(name)
            || outputs[name].map { builders in entries.contains { builders.contains($0.name) } } ?? false
    }

    private static let alwaysOut: Set<String> = ["node_modules", "bower_components", "vendor", "__pycache__", "Pods"]

    /// Output directories, and the build files beside which they are that.
    private static let outputs: [String: Set<String>] = [
        "target": ["Cargo.toml", "pom.xml", "build.sbt"],
        "build": [
            "build.gradle", "build.gradle.kts", "settings.gradle", "CMakeLists.txt", "setup.py", "pyproject.toml",
            "meson.build", "package.json",
        ],
        "dist": ["package.json", "setup.py", "pyproject.toml"],
        "out": ["build.gradle", "package.json", "CMakeLists.txt"],
        "bin": ["build.gradle"],
        "obj": ["Directory.Build.props"],
        "_build": ["mix.exs", "dune-project", "conf.py"],
        "deps": ["mix.exs"],
        "DerivedData": ["Package.swift"],
    ]
}
