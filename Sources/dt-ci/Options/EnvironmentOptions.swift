import ArgumentParser
import CIProviders
import Orchestrator

/// Options given as `DTCI_*` variables: put into the arguments before they are parsed, where the command line itself
/// does not say them.
struct EnvironmentOptions: Sendable, Hashable {
    /// The arguments to parse.
    private(set) var arguments: [String]
    /// The variable that stands behind an option, by the option's long name.
    private(set) var variables: [String: String] = [:]
    private static let prefix = "DTCI_"
    /// Sentences for standard error.
    private(set) var warnings: [String] = []

    /// What the running command was given by variables.
    @TaskLocal static var current = EnvironmentOptions(arguments: [])

    private init(arguments: [String]) { self.arguments = arguments }

    /// Cheap where no variable of ours is set: the command tree is asked for only then.
    ///
    /// Throws `ValidationError` for a flag's variable that is neither true nor false.
    init(
        _ arguments: [String], environment: [String: String], tree: () throws -> CommandTree = CommandTree.dtci
    ) throws {
        self.arguments = arguments
        let given = environment.filter { name, value in
            name.hasPrefix(Self.prefix) && !value.isEmpty && !ChildEnvironment.exported.contains(name)
                && !(APIAccess.variables + BuildOverrides.variables).contains { $0.name == name }
        }
        guard !given.isEmpty else { return }
        let tree = try tree()
        let (command, depth) = tree.command(named: arguments)
        let rest = arguments.dropFirst(depth)
        var injected: [String] = []
        for option in command.options {
            guard let variable = option.variableName, let value = given[variable], let name = option.longNames.first,
                !option.isGiven(in: rest), option.takes(value) || !tree.takes(value, as: variable)
            else { continue }
            injected += try option.arguments(for: value, of: variable)
            variables[name] = variable
        }
        self.arguments = arguments.prefix(depth) + injected + rest
        warnings = Self.warnings(for: given.keys, known: tree.variableNames)
    }

    /// Who said an option that is set: the command line, or a variable.
    static func origin(of option: String) -> Origin {
        current.variables[option].map(Origin.environment) ?? .option("--\(option)")
    }

    /// For an error of the parser, which only knows options.
    var note: String? {
        guard !variables.isEmpty else { return nil }
        let pairs = variables.sorted { $0.key < $1.key }.map { "--\($0.key) from \($0.value)" }
        return "note: given by the environment: \(pairs.joined(separator: ", "))"
    }

    private static func warnings(for given: some Sequence<String>, known: Set<String>) -> [String] {
        given.filter { !known.contains($0) }.sorted().map { name in
            let names = known.sorted().map { String($0.dropFirst(prefix.count)) }
            let nearest =
                NearestMatch.of(String(name.dropFirst(prefix.count)), in: names)
                .map { "; did you mean \(prefix)\($0)?" } ?? ""
            return "warning: \(name) is no option of dt-ci\(nearest)"
        }
    }
}

extension CommandTree.Argument {
    /// Whether the command line says it, in any of its spellings.
    fileprivate func isGiven(in arguments: some Sequence<String>) -> Bool {
        arguments.prefix { $0 != "--" }.contains { argument in
            if argument.hasPrefix("--") {
                return longNames.contains(String(argument.dropFirst(2).prefix { $0 != "=" }))
            }
            guard argument.hasPrefix("-") else { return false }
            return shortNames.contains { argument.dropFirst().contains($0) }
        }
    }

    /// As they would stand on the command line.
    fileprivate func arguments(for value: String, of variable: String) throws -> [String] {
        guard kind == .flag else {
            let name = longNames.first ?? ""
            guard isRepeating else { return ["--\(name)=\(value)"] }
            let separator: Character = value.contains("\n") ? "\n" : ","
            return value.split(separator: separator).map { "--\(name)=\($0)" }
        }
        switch value.lowercased() {
        case "1", "true", "yes", "on": return ["--\(longNames.first { $0 != inverseName } ?? "")"]
        case "0", "false", "no", "off": return inverseName.map { ["--\($0)"] } ?? []
        default: throw ValidationError("\(variable) is \"\(value)\"; expected 1, true, yes, 0, false or no.")
        }
    }
}
