import Artifacts
import CICore
import SystemPackage

/// Reads the files of one bundle, each once, and checks them against the manifest on the way.
struct BundleReader {
    let bundle: FoundBundle
    let files: any FileSystem
    /// `nil` = attachments are left where they are.
    var attachments: BundleAttachments?

    /// What became of the results.
    struct Reading {
        var head: ResultsStream.Head
        /// Why they cannot be trusted to be whole; a clause without the path.
        var damage: String?
    }

    /// Hands over every test that can be read.
    func results(_ body: (TestRecord, Bool) -> Void) -> Reading {
        var stream = ResultsStream()
        let path = bundle.path.appending(BundleFile.results)
        do {
            let found = try FileDigest.read(path, files: files) { piece in
                piece.withUnsafeBufferPointer {
                    stream.feed($0) { body(attachments?.renamed($0) ?? $0, $1) }
                }
            }
            var reading = Reading(head: stream.finish())
            reading.damage = damage(of: BundleFile.results, found)
            if reading.damage == nil, let error = reading.head.damage {
                reading.damage = "its results.json \(error.description)"
            }
            takeAttachments(&reading.head)
            return reading
        } catch {
            return Reading(head: stream.finish(), damage: "its results.json cannot be read: \(error)")
        }
    }

    private func takeAttachments(_ head: inout ResultsStream.Head) {
        guard let attachments, !head.artifacts.isEmpty else { return }
        let (kept, damaged) = attachments.copy(head.artifacts.filter { $0.test != nil }, from: bundle.path)
        head.artifacts = kept + head.artifacts.filter { $0.test == nil }
        if damaged > 0 {
            head.warnings.append(
                "\(counted(damaged, "attachment")) \(damaged == 1 ? "is" : "are") missing in the bundle or not what its "
                    + "results say")
        }
    }

    /// The plan of all nodes, if it is what the manifest says.
    func plan() throws -> PlanDocument {
        let path = bundle.path.appending(BundleFile.plan)
        guard let size = files.size(of: path), size <= 1 << 30 else { throw BundleError("it holds no plan.json") }
        var bytes: [UInt8] = []
        bytes.reserveCapacity(size)
        let found = try FileDigest.read(path, files: files) { bytes += $0 }
        if let damage = damage(of: BundleFile.plan, found) { throw BundleError(damage) }
        do {
            let document = try PlanV1.document(from: bytes)
            guard document.plan.id == bundle.manifest.plan,
                document.plan.nodes.count == bundle.manifest.position.total
            else { throw BundleError("its plan.json is another plan than its bundle.json names") }
            return document
        } catch let error as PlanFormatError {
            throw BundleError("its plan.json: \(error)")
        }
    }

    private func damage(of name: String, _ found: (sha256: String, size: Int)) -> String? {
        guard let listed = bundle.manifest.files.first(where: { $0.name == name }) else {
            return "its bundle.json does not list \(name)"
        }
        if found.size != listed.size {
            return "its \(name) is cut: \(found.size) of \(listed.size) bytes"
        }
        return found.sha256 == listed.sha256 ? nil : "its \(name) was changed after it was written (SHA-256 differs)"
    }
}
