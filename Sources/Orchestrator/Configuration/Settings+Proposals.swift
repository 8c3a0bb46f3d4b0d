import CICore
import Yams

extension Settings {
    /// What a proposed suite would say in the file.
    init(_ proposal: SuiteProposal) {
        self.init(SuiteKeys.section)
        var reading = Reading(source: "the proposed suite \(proposal.name)")
        for (key, node) in proposal.nodes { set(key, from: node, origin: .assumed, &reading) }
    }
}

extension SuiteProposal {
    /// The keys that differ from their defaults, in the order of the file.
    var nodes: [(key: any AnyKey, node: Node)] {
        var nodes: [(any AnyKey, Node)] = [
            (SuiteKeys.name, .text(name)), (SuiteKeys.runner, .text(runner.rawValue)),
        ]
        if !paths.isEmpty { nodes.append((SuiteKeys.paths, .texts(paths))) }
        if !directory.isEmpty { nodes.append((SuiteKeys.workingDirectory, .text(directory))) }
        if let line = command.run { nodes.append((SuiteKeys.command, line.node)) }
        if let line = command.list { nodes.append((SuiteKeys.list, line.node)) }
        return nodes
    }
}

extension Node {
    fileprivate static func text(_ text: String) -> Node { .scalar(.init(text, .implicit, .doubleQuoted)) }

    fileprivate static func texts(_ texts: [String]) -> Node { .sequence(.init(texts.map(Node.text))) }
}

extension Suite.Command.Line {
    fileprivate var node: Node {
        switch self {
        case .shell(let line): .text(line)
        case .arguments(let arguments): .texts(arguments)
        }
    }
}
