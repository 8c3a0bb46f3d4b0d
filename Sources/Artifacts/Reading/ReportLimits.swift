/// How much of a report is kept; nothing in a report can make reading use more memory than these allow.
package struct ReportLimits: Sendable, Hashable {
    /// Bytes of a name, path or property.
    package var name: Int
    /// Bytes of a message, a stack trace or an output: the first three quarters and the last quarter are kept.
    package var text: Int
    /// Elements within each other.
    package var depth: Int
    /// Bytes of one tag, entity or line that is waited for.
    package var token: Int
    /// Attempts, properties and attachments kept of one test.
    package var items: Int

    package init(
        name: Int = 4 << 10, text: Int = 64 << 10, depth: Int = 512, token: Int = 256 << 20, items: Int = 64
    ) {
        self.name = name
        self.text = text
        self.depth = depth
        self.token = token
        self.items = items
    }
}
