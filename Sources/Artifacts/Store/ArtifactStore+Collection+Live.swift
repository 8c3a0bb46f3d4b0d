import CICore
import SystemPackage

package import struct FoundationEssentials.Date

#if canImport(Glibc)
    import Glibc
#elseif canImport(Darwin)
    import Darwin
#endif

/// What a collection of the store removed, or would remove.
package struct CollectionReport: Sendable, Hashable {
    /// An artifact that goes, and why.
    package struct Removed: Sendable, Hashable {
        package var artifact: StoredArtifact
        package var reason: RetentionPolicy.Reason
    }

    package var removed: [Removed] = []
    /// Those that stay.
    package var kept: [StoredArtifact] = []
    /// Those that would go, were their upload not unfinished.
    package var protected: [ArtifactName] = []
    /// Contents that no artifact names any more.
    package var freed = StoredArtifact.Totals()
}

extension ArtifactStore {
    /// Removes artifacts by a policy, and all contents that no artifact names.
    ///
    /// Waits until no other process writes to the store. Artifacts whose upload is unfinished stay.
    ///
    /// - Throws: `StoreError`; where a manifest cannot be read nothing is removed, for its contents are not known.
    package func collect(
        _ policy: RetentionPolicy, at time: Date, isRehearsal: Bool = false
    ) throws(StoreError) -> CollectionReport {
        guard SystemCall.status(at: manifests) != nil else { return CollectionReport() }
        // A rehearsal changes nothing, so it works on a store that cannot be written too.
        let lock = isRehearsal ? nil : try StoreLock.waiting(lock, .exclusive)
        defer { withExtendedLifetime(lock) {} }
        if !isRehearsal { try Staging.removeLeftovers(in: staging, of: self) }
        let (artifacts, damaged) = try artifacts()
        if let first = damaged.first {
            throw StoreError(
                .malformed, "nothing is removed, as it is not known what a damaged manifest names; remove it: \(first)")
        }
        var report = CollectionReport()
        let named = try decide(artifacts, policy, time, &report)
        if !isRehearsal { for removed in report.removed { try remove(removed.artifact) } }
        try sweep(keeping: named, isRehearsal: isRehearsal, &report)
        return report
    }

    /// Gives what the artifacts that stay name.
    private func decide(
        _ artifacts: [StoredArtifact], _ policy: RetentionPolicy, _ time: Date, _ report: inout CollectionReport
    ) throws(StoreError) -> Set<UInt64> {
        var named = Set<UInt64>()
        var decision = RetentionPolicy.Decision(policy)
        let newestFirst = artifacts.sorted { ($1.createdAt, $1.name) < ($0.createdAt, $0.name) }
        var judged: [(artifact: StoredArtifact, isProtected: Bool)] = []
        for artifact in newestFirst { judged.append((artifact, hasUnfinishedUpload(artifact.name))) }
        // What stays in any case takes its room first.
        for (artifact, isProtected) in judged.filter(\.isProtected) + judged.filter({ !$0.isProtected }) {
            let age = Duration.seconds(time.timeIntervalSince(artifact.createdAt))
            var own = named
            let reason = try decision.reason(age: age, isProtected: isProtected) { () throws(StoreError) in
                try add(contentsOf: artifact, to: &own)
            }
            if let reason {
                report.removed.append(.init(artifact: artifact, reason: reason))
            } else {
                named = own
                report.kept.append(artifact)
            }
            if isProtected, let limit = policy.maximumAge, age > limit { report.protected.append(artifact.name) }
        }
        return named
    }

    /// Gives the bytes that were not named before.
    private func add(contentsOf artifact: StoredArtifact, to named: inout Set<UInt64>) throws(StoreError) -> Int64 {
        let entries = try self.entries(of: artifact)
        var size: Int64 = 0
        while let entry = try entries.next() {
            guard let file = entry.file, named.insert(Self.key(file.digest.hexadecimal)).inserted else { continue }
            size += file.size
        }
        return size
    }

    private func remove(_ artifact: StoredArtifact) throws(StoreError) {
        try SystemCall.remove(artifact.manifest)
        try SystemCall.remove(uploadState(of: artifact.name))
    }

    private func sweep(
        keeping named: Set<UInt64>, isRehearsal: Bool, _ report: inout CollectionReport
    ) throws(StoreError) {
        for prefix in try names(in: objects) {
            let directory = objects.appending(prefix)
            for name in try names(in: directory) where !named.contains(Self.key(prefix + name)) {
                let object = directory.appending(name)
                report.freed.add(Int64(SystemCall.status(at: object)?.st_size ?? 0))
                if !isRehearsal { try SystemCall.remove(object) }
            }
        }
    }

    /// The first 64 bits: two contents that share them are kept together, which does no harm.
    private static func key(_ digest: String) -> UInt64 { UInt64(digest.prefix(16), radix: 16) ?? 0 }
}
