/// Where a page for people goes that needs no API: the service's job summary, or a file of ours.
package struct SummaryPage: Sendable {
    /// Bytes that are still free there.
    package var room: Int
    /// Whether the service shows it with the build.
    package var isShown: Bool
    /// Leaves the page there and says where that is, or throws a sentence.
    package var write: @Sendable (String) throws -> String

    package init(room: Int, isShown: Bool, write: @escaping @Sendable (String) throws -> String) {
        self.room = room
        self.isShown = isShown
        self.write = write
    }
}
