/// The shell lines that all templates share.
enum TemplateShell {
    /// How long dt-ci may take, and the job around it: dt-ci ends first, so that what it has is kept.
    static let runLimit = "50m"
    static let jobMinutes = 60

    /// Lines for any POSIX shell that fetch dt-ci into a directory, unless it is on the `PATH`. What was fetched is not
    /// run before its checksum is right. `directory` may be a word of the shell; `after` are lines for the case that it
    /// was fetched.
    static func install(into directory: String, after: [String]) -> String {
        let lines = [
            "if ! command -v dt-ci >/dev/null; then",
            "  : \"${DTCI_URL:?is not set: where the dt-ci binary is, plain or .xz}\"",
            "  : \"${DTCI_SHA256:?is not set: the SHA-256 of what DTCI_URL gives}\"",
            "  mkdir -p \"\(directory)\"",
            "  curl --fail --silent --show-error --location --retry 3 --output \"\(directory)/download\" \"$DTCI_URL\"",
            "  echo \"$DTCI_SHA256  \(directory)/download\" | sha256sum -c --status || {",
            "    echo \"dt-ci: $DTCI_URL is not what DTCI_SHA256 says; nothing was run\" >&2",
            "    exit 1",
            "  }",
            "  case $DTCI_URL in",
            "  *.xz) xz --decompress --stdout \"\(directory)/download\" >\"\(directory)/dt-ci\" ;;",
            "  *) mv \"\(directory)/download\" \"\(directory)/dt-ci\" ;;",
            "  esac",
            "  chmod +x \"\(directory)/dt-ci\"",
        ]
        return (lines + after.map { "  \($0)" } + ["fi"]).joined(separator: "\n")
    }

    /// The same for a script that also runs it.
    static func install(_ layout: ResultsLayout) -> String {
        install(into: layout.tools, after: ["export PATH=\"$PWD/\(layout.tools):$PATH\""])
    }

    /// Where a project's own steps go.
    static let preparation = "# What your tests need comes here: languages, dependencies, services."
}

extension PipelineShape {
    /// The binary's variables, where they are known.
    var binaryVariables: [(name: String, value: String)] {
        binary.map { [("DTCI_URL", $0.url), ("DTCI_SHA256", $0.sha256)] } ?? []
    }
}

extension String {
    /// For use behind so many spaces: every further line is indented like the first.
    func indented(_ spaces: Int) -> String {
        let margin = String(repeating: " ", count: spaces)
        return split(separator: "\n", omittingEmptySubsequences: false).enumerated()
            .map { index, line in index == 0 || line.isEmpty ? String(line) : margin + line }
            .joined(separator: "\n")
    }
}
