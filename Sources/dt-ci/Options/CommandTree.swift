import ArgumentParser

import struct FoundationEssentials.Data
import class FoundationEssentials.JSONDecoder

/// The commands and their options, as the argument parser's own dump describes them.
struct CommandTree: Decodable {
    let commandName: String
    let abstract: String?
    let discussion: String?
    let aliases: [String]?
    let shouldDisplay: Bool?
    let subcommands: [CommandTree]?
    let arguments: [Argument]?

    /// One argument, option or flag of a command.
    struct Argument: Decodable {
        let kind: Kind
        let shouldDisplay: Bool
        let isOptional: Bool
        let isRepeating: Bool
        /// The words that it takes, where they are few.
        let allValues: [String]?
        private(set) var names: [Name]?
        let text: Text

        /// What stands on the command line.
        enum Kind: String, Decodable {
            case positional, option, flag
        }

        /// One spelling.
        struct Name: Decodable {
            let kind: String
            let name: String
        }

        /// What help says of it.
        struct Text: Decodable {
            let valueName: String?
            let defaultValue: String?
            let abstract: String?
        }

        private enum CodingKeys: CodingKey {
            case kind, shouldDisplay, isOptional, isRepeating, allValues, names
        }

        init(from decoder: any Decoder) throws {
            let container = try decoder.container(keyedBy: CodingKeys.self)
            kind = try container.decode(Kind.self, forKey: .kind)
            shouldDisplay = try container.decode(Bool.self, forKey: .shouldDisplay)
            isOptional = try container.decode(Bool.self, forKey: .isOptional)
            isRepeating = try container.decode(Bool.self, forKey: .isRepeating)
            allValues = try container.decodeIfPresent([String].self, forKey: .allValues)
            names = try container.decodeIfPresent([Name].self, forKey: .names)
            text = try Text(from: decoder)
        }

        /// Whether it takes the word, as far as its list says.
        func takes(_ word: String) -> Bool { allValues?.contains(word) ?? true }

        /// Without dashes, in the order of their declaration.
        var longNames: [String] { (names ?? []).filter { $0.kind == "long" }.map(\.name) }

        /// Single letters, without dash.
        var shortNames: [String] { (names ?? []).filter { $0.kind == "short" }.map(\.name) }

        /// The name that the variable is made from: the first long one; `nil` for what has none.
        var variableName: String? {
            guard kind != .positional, let name = longNames.first, !["help", "version"].contains(name) else {
                return nil
            }
            return "DTCI_" + String(name.uppercased().map { $0 == "-" ? "_" : $0 })
        }

        /// `no-…` of a flag that can be switched both ways.
        var inverseName: String? {
            longNames.first { name in name.hasPrefix("no-") && longNames.contains(String(name.dropFirst(3))) }
        }

        /// Whether it is the `--no-…` of the flag, which the dump lists on its own.
        fileprivate func isInverse(of flag: Argument) -> Bool {
            kind == .flag && flag.kind == .flag && flag.longNames.contains { longNames.contains("no-\($0)") }
        }

        fileprivate func joined(with inverse: Argument?) -> Argument {
            var joined = self
            joined.names = (names ?? []) + (inverse?.names ?? [])
            return joined
        }
    }

    private struct Dump: Decodable {
        let command: CommandTree
    }

    /// The whole command line of dt-ci.
    static func dtci() throws -> CommandTree {
        try JSONDecoder().decode(Dump.self, from: Data(DTCI._dumpHelp().utf8)).command
    }

    /// The command that the arguments name, and how many of them name it.
    func command(named arguments: [String]) -> (command: CommandTree, depth: Int) {
        var command = self
        var depth = 0
        while depth < arguments.count,
            let next = command.subcommands?.first(where: { $0.isCalled(arguments[depth]) })
        {
            command = next
            depth += 1
        }
        return (command, depth)
    }

    /// The arguments in the order of their declaration, a flag and its inverse as one.
    var options: [Argument] {
        let all = arguments ?? []
        return all.filter { argument in !all.contains { argument.isInverse(of: $0) } }.map { argument in
            argument.joined(with: all.first { $0.isInverse(of: argument) })
        }
    }

    /// The names of all variables, of this command and those below it.
    var variableNames: Set<String> {
        Set(options.compactMap(\.variableName)).union((subcommands ?? []).flatMap(\.variableNames))
    }

    /// Whether a command has an option of this variable that takes the word: then it is meant for that command, and not
    /// for another one's option of the same name that has other words.
    func takes(_ word: String, as variable: String) -> Bool {
        options.contains { $0.variableName == variable && $0.allValues != nil && $0.takes(word) }
            || (subcommands ?? []).contains { $0.takes(word, as: variable) }
    }

    private func isCalled(_ name: String) -> Bool { commandName == name || aliases?.contains(name) == true }
}
