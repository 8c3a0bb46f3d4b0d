import CICore
import SystemPackage

/// What a check of the store came to.
package struct StoreVerification: Sendable, Hashable {
    package var artifacts = 0
    /// Contents that were read, each once.
    package var checked = StoredArtifact.Totals()
    /// Sentences that name the artifact and the file; no more than `limit` of each artifact.
    package var problems: [String] = []
    /// All, also those beyond `problems`.
    package var problemCount = 0
    private static let limit = 100

    mutating func add(_ problem: StoreError, of name: ArtifactName?) {
        problemCount += 1
        guard problems.count < Self.limit else { return }
        problems.append((name.map { "\(SafeText.line($0.rawValue)): " } ?? "") + problem.description)
    }
}

extension ArtifactStore {
    /// Reads everything again and compares it with its digests.
    ///
    /// - Throws: `StoreError` where the store cannot be read, or has no artifact of that name.
    package func verify(_ name: ArtifactName? = nil) async throws(StoreError) -> StoreVerification {
        var verification = StoreVerification()
        var seen = Set<ContentDigest>()
        if let name {
            try await verify(try artifact(named: name), &seen, &verification)
            return verification
        }
        let (artifacts, damaged) = try artifacts()
        for problem in damaged { verification.add(problem, of: nil) }
        for artifact in artifacts { try await verify(artifact, &seen, &verification) }
        return verification
    }

    private func verify(
        _ artifact: StoredArtifact, _ seen: inout Set<ContentDigest>, _ verification: inout StoreVerification
    ) async throws(StoreError) {
        verification.artifacts += 1
        do throws(StoreError) {
            try await verify(entriesOf: artifact, &seen, &verification)
        } catch {
            guard error.code == .malformed || error.code == .missing else { throw error }
            verification.add(error, of: artifact.name)
        }
    }

    private func verify(
        entriesOf artifact: StoredArtifact, _ seen: inout Set<ContentDigest>, _ verification: inout StoreVerification
    ) async throws(StoreError) {
        let entries = try self.entries(of: artifact)
        let work = OrderedWork<[ArtifactEntry], Checked> { batch throws(StoreError) in try check(batch) }
        try await work.run(next: { () throws(StoreError) in
            var batch: [ArtifactEntry] = []
            var size: Int64 = 0
            while batch.count < 128, size < 4 << 20, let entry = try entries.next() {
                guard let file = entry.file, seen.insert(file.digest).inserted else { continue }
                size += file.size
                batch.append(entry)
            }
            return batch.isEmpty ? nil : batch
        }) { checked throws(StoreError) in
            verification.checked.add(checked.totals)
            for problem in checked.problems { verification.add(problem, of: artifact.name) }
        }
    }

    private struct Checked: Sendable {
        var totals = StoredArtifact.Totals()
        var problems: [StoreError] = []
    }

    private func check(_ batch: [ArtifactEntry]) throws(StoreError) -> Checked {
        var checked = Checked()
        for entry in batch {
            guard let file = entry.file else { continue }
            checked.totals.add(file.size)
            do {
                try read(file, of: entry.path) { _ throws(StoreError) in }
            } catch {
                // A content that cannot be read is as bad as one that is gone.
                checked.problems.append(error)
            }
        }
        return checked
    }
}
