import CICore
import SystemPackage

/// How a suite's tool is asked who it is, without running a test.
package struct ToolQuestion: Sendable, Hashable {
    /// What is looked up in `PATH`; `nil` where the suite's tool is not known by name, such as a shell line.
    package var program: String?
    /// The whole command line; `nil` where asking could run tests.
    package var arguments: [String]?
    /// Goes in front of the search paths.
    package var searchPaths: [SearchPath]
    /// Ways to install it, each a command or an address.
    package var ways: [String]
    /// The oldest version that will do, such as `18.20`.
    package var minimum: String?
    /// What a good answer proves where it holds no version.
    package var proof: String?
    /// What an error most likely means, such as `jest is not installed in the project`.
    package var absence: String?

    package init(
        program: String?, arguments: [String]? = nil, searchPaths: [SearchPath] = [], ways: [String] = [],
        minimum: String? = nil, proof: String? = nil, absence: String? = nil
    ) {
        self.program = program
        self.arguments = arguments
        self.searchPaths = searchPaths
        self.ways = ways
        self.minimum = minimum
        self.proof = proof
        self.absence = absence
    }
}

extension RunnerCommand {
    /// The question that the tool answers with its version.
    ///
    /// A command of the user's is asked only if it ends with the tool's own name, as `poetry run pytest` does: behind
    /// anything else the words could be taken for a selection of tests.
    func question(
        _ words: [String] = ["--version"], searchPaths: [SearchPath] = [], minimum: String? = nil,
        proof: String? = nil, absence: String? = nil
    ) -> ToolQuestion {
        ToolQuestion(
            program: program, arguments: isAskable ? arguments(words) : nil, searchPaths: searchPaths, ways: ways,
            minimum: minimum, proof: proof, absence: absence)
    }
}
