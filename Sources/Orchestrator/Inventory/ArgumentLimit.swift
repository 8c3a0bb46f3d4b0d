/// How much a command line may hold.
package enum ArgumentLimit {
    /// Bytes of all arguments together: well below Linux' 2 MiB and macOS' 1 MiB, since the environment counts too.
    package static let total = 512 << 10
    /// Bytes of one argument: Linux' `MAX_ARG_STRLEN` less the terminator.
    package static let single = (128 << 10) - 1

    /// Whether these arguments fit.
    package static func allows(_ arguments: some Sequence<String>) -> Bool {
        var bytes = 0
        for argument in arguments {
            let length = argument.utf8.count
            // 9: the terminator and the pointer.
            bytes += length + 9
            guard length <= single, bytes <= total else { return false }
        }
        return true
    }

    /// Cuts arguments into groups that each fit, in order; for tools without a list file that can run in several goes.
    package static func groups(of arguments: [String], limit: Int = total) -> [[String]] {
        var groups: [[String]] = []
        var bytes = limit
        for argument in arguments {
            bytes += argument.utf8.count + 9
            if bytes > limit {
                groups.append([])
                bytes = argument.utf8.count + 9
            }
            groups[groups.count - 1].append(argument)
        }
        return groups
    }
}
