package import CICore
package import SystemPackage

/// What detection may look at.
package struct HardwareWorld: Sendable {
    package var kernel: Kernel
    package var files: any FileSystem
    package var processes: any ProcessPort
    package var environment: [String: String]
    /// Absolute; its disk is the one that counts.
    package var workingDirectory: FilePath
    package var tools: Tools

    package init(
        kernel: Kernel, files: any FileSystem, processes: any ProcessPort, environment: [String: String],
        workingDirectory: FilePath, tools: Tools
    ) {
        self.kernel = kernel
        self.files = files
        self.processes = processes
        self.environment = environment
        self.workingDirectory = workingDirectory
        self.tools = tools
    }

    /// What `uname` and `sysconf` say.
    package struct Kernel: Sendable, Hashable {
        /// `Linux`, `Darwin`, `Windows_NT`, `MINGW64_NT-10.0`.
        package var name: String
        package var release: String
        package var architecture: String
        package var host: String
        /// Processors that are on.
        package var processors: Int

        package init(name: String, release: String, architecture: String, host: String, processors: Int) {
            self.name = name
            self.release = release
            self.architecture = architecture
            self.host = host
            self.processors = processors
        }
    }

    /// How the system and the drivers are asked.
    package struct Tools: Sendable {
        /// The library of NVIDIA's driver, as `dlopen` takes it.
        package var nvml: String
        /// For all tools of all accelerators together: a broken one costs no more.
        package var patience: Duration
        /// Size and free bytes of the file system that holds a path.
        package var space: @Sendable (FilePath) -> (size: Int, free: Int)?

        package init(
            nvml: String = "libnvidia-ml.so.1", patience: Duration = .seconds(2),
            space: @escaping @Sendable (FilePath) -> (size: Int, free: Int)?
        ) {
            self.nvml = nvml
            self.patience = patience
            self.space = space
        }
    }

    /// A file as text; `nil` where it is not there or cannot be read.
    func text(_ path: String) -> String? {
        // What a machine does not tell is not known.
        try? files.text(of: FilePath(path))
    }

    /// A file's first line without spaces around it; `nil` where there is none.
    func line(_ path: String) -> String? {
        let line = text(path)?.split(separator: "\n").first.map { $0.trimmed }
        return line.flatMap { $0.isEmpty ? nil : $0 }
    }

    /// The names in a directory, sorted; none where there is none.
    func names(in directory: String) -> [String] {
        // As above: nothing there is nothing known.
        ((try? files.entries(of: FilePath(directory))) ?? []).map(\.name)
    }
}

extension StringProtocol {
    /// Without white space and NULs at both ends.
    var trimmed: String {
        let isBlank = { (character: Character) in character.isWhitespace || character == "\0" }
        guard let first = firstIndex(where: { !isBlank($0) }), let last = lastIndex(where: { !isBlank($0) }) else {
            return ""
        }
        return String(self[first...last])
    }
}
