import CICore
import Synchronization

/// The account behind a token, as the answers to our own writes tell it; the API's description has no call that does.
final class AzureIdentity: Sendable {
    private let known = Mutex<String?>(nil)

    /// Its id; `nil` before the first write.
    var id: String? { known.withLock(\.self) }

    /// Takes in the account that an answer says to have made something.
    func learn(_ account: JSONValue?) {
        guard let id = account?["id"]?.string else { return }
        known.withLock { $0 = id }
    }
}
