import CICore

/// The form in which a CI service takes the jobs of a plan, and how it gets there.
package struct NodeOutput: Sendable {
    /// The word for `--output`.
    package let name: String
    /// More jobs than that it does not start.
    package let mostNodes: Int
    /// Whether all jobs run on machines of one kind, as far as the form can tell.
    package let hasOneClass: Bool
    /// Whether the pipeline's file has a fixed number of jobs, of which a plan uses the first ones.
    package let isFixed: Bool
    /// What to do with it, as a sentence.
    package let use: String
    /// The service's own way to take it from a running job; `nil` = a file or standard output.
    package let channel: Channel?
    private let form: @Sendable (NodeJobs) -> Rendering

    init(
        name: String, mostNodes: Int = 256, hasOneClass: Bool = false, isFixed: Bool = false, use: String,
        channel: Channel? = nil,
        form: @escaping @Sendable (NodeJobs) -> Rendering
    ) {
        self.name = name
        self.mostNodes = mostNodes
        self.hasOneClass = hasOneClass
        self.isFixed = isFixed
        self.use = use
        self.channel = channel
        self.form = form
    }

    /// Puts the jobs into the form.
    package func rendering(of jobs: NodeJobs) -> Rendering { form(jobs) }

    /// Whether it is a directory of files.
    package var isDirectory: Bool {
        if case .files = rendering(of: NodeJobs.none) { return true }
        return false
    }

    /// What a form comes to.
    package enum Rendering: Sendable, Hashable {
        /// One text, which ends with a line feed.
        case document(String)
        /// A directory's files.
        case files([File])

        /// One file of several.
        package struct File: Sendable, Hashable {
            /// Without any directory.
            package let name: String
            package let text: String
        }
    }

    /// How a running job hands a value to its pipeline.
    package enum Channel: Sendable {
        /// Lines that are added to the file that a variable names.
        case file(variable: String, lines: @Sendable (NodeJobs) -> [String])
        /// Lines of its log.
        case log(lines: @Sendable (NodeJobs) -> [String])
    }
}

/// Every form there is: those of the services, each once.
package enum NodeOutputs {
    package static let all: [NodeOutput] = CIServices.all.compactMap(\.output).reduce(into: []) { all, output in
        if !all.contains(where: { $0.name == output.name }) { all.append(output) }
    }

    /// The form of that name.
    package static func named(_ name: String) -> NodeOutput? { all.first { $0.name == name } }
}
