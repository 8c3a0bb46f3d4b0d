import CICore

/// `cargo test`, or what the user put in its place, such as `["cargo", "+nightly", "test", "--all-features"]`.
struct CargoCommand {
    static let tool = RunnerProfile.Tool(
        executable: "cargo", debianPackages: ["cargo"], hint: "https://rustup.rs")
    private let suite: Suite

    init(_ suite: Suite) { self.suite = suite }

    /// For the whole suite.
    var all: RunnerCommand { RunnerCommand(suite, tool: Self.tool, executable: ["cargo", "test"]) }

    /// For one program, which goes without the words that ask for all of the workspace.
    var one: RunnerCommand {
        var single = suite
        if case .arguments(let words) = suite.command.run {
            single.command.run = .arguments(words.filter { $0 != "--workspace" && $0 != "--all" })
        }
        return RunnerCommand(single, tool: Self.tool, executable: ["cargo", "test"])
    }

    /// Stable test programs take `--format json` only with this variable; it is given to them alone, by way of Cargo's
    /// runner, because in the compiler's environment it would make Cargo build everything again.
    static let runner = ["--config", #"target."cfg(all())".runner=["env","RUSTC_BOOTSTRAP=1"]"#]
}
