package import CICore

/// How a CI service reads its build's log: the commands that fold, annotate, mask and upload.
///
/// Each closure gives whole lines without the line feed at their end, or nothing where the service has no such command;
/// everything handed in is escaped for the command's own grammar.
package struct LogDialect: Sendable {
    /// Opens a fold. `id` is a plain word, the same at its end.
    package let open: @Sendable (_ title: String, _ id: String, _ time: Int) -> String?
    package let close: @Sendable (_ id: String, _ time: Int) -> String?
    package let annotation: @Sendable (LineAnnotation) -> String?
    /// Annotations of one level that the service shows of one step; more are left to the log's text.
    package let annotationsPerLevel: Int
    package let mask: @Sendable (Secret) -> String?
    package let summary: Summary
    /// Uploads a file of this machine, absolute path first, as an artifact of that name.
    package let upload: @Sendable (_ path: String, _ name: String) -> String?
    /// Tells every test, for services that build their test list from the log.
    package let tests: @Sendable (RunResults) -> [String]
    package let build: BuildCommands

    init(
        open: @escaping @Sendable (String, String, Int) -> String? = { _, _, _ in nil },
        close: @escaping @Sendable (String, Int) -> String? = { _, _ in nil },
        annotation: @escaping @Sendable (LineAnnotation) -> String? = { _ in nil }, annotationsPerLevel: Int = .max,
        mask: @escaping @Sendable (Secret) -> String? = { _ in nil }, summary: Summary = .none,
        upload: @escaping @Sendable (String, String) -> String? = { _, _ in nil },
        tests: @escaping @Sendable (RunResults) -> [String] = { _ in [] },
        build: BuildCommands = BuildCommands()
    ) {
        self.open = open
        self.close = close
        self.annotation = annotation
        self.annotationsPerLevel = annotationsPerLevel
        self.mask = mask
        self.summary = summary
        self.upload = upload
        self.tests = tests
        self.build = build
    }

    /// What a log says of the whole build; one line each, or nothing where the service has no such command.
    package struct BuildCommands: Sendable {
        /// The line beside the build's number.
        package var text: @Sendable (String) -> String? = { _ in nil }
        /// A label by which the build is found again.
        package var tag: @Sendable (String) -> String? = { _ in nil }
        /// A reason for a red build; it makes the build red.
        package var problem: @Sendable (String) -> String? = { _ in nil }
    }

    /// Where a page of Markdown goes that the service shows with the build.
    package enum Summary: Sendable {
        case none
        /// Appended to the file that a variable names, which may hold so many bytes in all.
        case file(variable: String, limit: Int)
        /// Written to a file of ours, and announced by a line of the log.
        case announced(@Sendable (_ path: String) -> String)
    }

    /// A log without commands.
    package static let plain = LogDialect()
}

/// Escapes of a log command's grammar: each character that means something, and what stands for it.
struct LogEscape: Sendable {
    let replacements: [(from: String, to: String)]

    /// In one pass per character; control characters go where the grammar has no word for them.
    func callAsFunction(_ text: String) -> String {
        replacements.reduce(text) { $0.replacing($1.from, with: $1.to) }
    }
}
