import ArgumentParser
import CIProviders
import Orchestrator

/// Over how many machines, and in which form the CI service gets to know of them.
struct FanOutOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "Machines to split over, each with --slots slots; auto = the fewest that come to --target.",
            valueName: "n|auto"))
    var nodes = "1"

    @Option(help: "With --nodes auto: when the run should be over, such as 8m; 10m unless dt-ci.yml says otherwise.")
    var target: String?

    @Option(help: "With --nodes auto: at most so many; else what dt-ci.yml and the CI service allow.")
    var maxNodes: Int?

    @Option(
        help: ArgumentHelp(
            "Print the jobs in the form that a CI service takes, and nothing else: \(Self.names).", valueName: "form"))
    var output: Form?

    @Option(
        help: ArgumentHelp(
            """
            Where --output goes instead of standard output: a file, a directory for forms of several files, or service, \
            the CI service's own channel ($GITHUB_OUTPUT, ##vso, ##teamcity).
            """, valueName: "place"),
        completion: .file())
    var outputTo: String?

    @Option(
        help: "With --output gitlab: a file of the repository whose hidden job .dt-ci the child pipeline's jobs extend."
    )
    var outputInclude: String?

    /// How many nodes are wanted.
    enum Count {
        case fixed(Int)
        case auto
    }

    /// The word for a service's form, or for dt-ci's own.
    struct Form: ExpressibleByArgument {
        let word: String

        static let json = "json"
        static var allValueStrings: [String] { [json] + NodeOutputs.all.map(\.name) }

        init?(argument: String) {
            guard Self.allValueStrings.contains(argument) else { return nil }
            word = argument
        }
    }

    private static var names: String { Form.allValueStrings.joined(separator: ", ") }

    /// Whether `--output json` was asked for.
    var isJSON: Bool { output?.word == Form.json }

    /// The service's form; `nil` for our own.
    var form: NodeOutput? { output.flatMap { NodeOutputs.named($0.word) } }

    var count: Count {
        get throws {
            if nodes == "auto" { return .auto }
            guard let number = Int(nodes), (1...NodePosition.mostNodes).contains(number) else {
                throw ValidationError("--nodes is \(nodes); expected 1 or more, or auto.")
            }
            return .fixed(number)
        }
    }

    func validate() throws {
        let count = try count
        if case .fixed = count, target != nil {
            throw ValidationError("--target is for --nodes auto, which finds how many nodes come to it.")
        }
        if let maxNodes, maxNodes < 1 { throw ValidationError("--max-nodes is \(maxNodes); expected 1 or more.") }
        if outputTo != nil, form == nil {
            throw ValidationError("--output-to is for --output with a service's form; --save is for our own.")
        }
        if outputInclude != nil, output?.word != "gitlab" {
            throw ValidationError("--output-include is for --output gitlab.")
        }
        if case .fixed(let number) = count, let form, number > form.mostNodes {
            throw ValidationError(
                "--nodes is \(number); expected at most \(form.mostNodes), which --output \(form.name) can start.")
        }
    }
}
