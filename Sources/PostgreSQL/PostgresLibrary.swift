import CPostgres

/// libpq, opened when a `postgres:` URL is first used, so that nothing else needs it.
package struct PostgresLibrary: Sendable {
    /// Opens it, the first time; `false` if it is not on this machine.
    let open: @Sendable () -> Bool

    /// The one of this machine.
    package static let system = PostgresLibrary { dtci_pq_open() == 0 }

    init(open: @escaping @Sendable () -> Bool) { self.open = open }

    /// The version of the library on this machine, such as `15.18`; `nil` if there is none.
    package static var version: String? {
        guard system.open() else { return nil }
        let number = dtci_pq_version()
        return "\(number / 10000).\(number % 10000)"
    }
}
