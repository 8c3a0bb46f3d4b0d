extension Requirement {
    /// Whether an offer meets it; makes no texts, for being asked once for each distinct requirement and node.
    package func isMet(by offer: HardwareOffer) -> Bool { root.holds(on: offer) }

    /// What an offer lacks of it; empty where it is met.
    package func shortfalls(on offer: HardwareOffer) -> [Shortfall] { root.shortfalls(on: offer) }

    /// The devices that are counted for it, in their order; empty where it speaks of none.
    package func devices(of offer: HardwareOffer) -> [OfferedGPU] {
        guard case .all(let terms) = root.asList, terms.contains(where: \.speaksOfDevices) else { return [] }
        return DeviceGroup(terms).devices(of: offer)
    }
}

/// One thing that a node lacks.
package struct Shortfall: Sendable, Hashable, CustomStringConvertible {
    /// In the words of the requirement.
    package var needed: String
    /// What there is instead, as in "has 4.1 GB".
    package var found: String
    /// How much is missing of what is needed, 0…1.
    var gap: Double

    /// As in "needs gpu>=1, has none".
    package var description: String { "needs \(needed), \(found)" }

    /// As in "lacks gpu>=1 (has none)".
    package var lack: String { "\(needed) (\(found))" }
}

extension Requirement.Term {
    /// A list, if only of itself.
    fileprivate var asList: Self {
        if case .all = self { return self }
        return .all([self])
    }

    fileprivate var speaksOfDevices: Bool {
        guard case .comparison(let comparison) = self else { return false }
        return comparison.fact == .gpu || comparison.fact.isOfDevice
    }

    fileprivate func holds(on offer: HardwareOffer) -> Bool {
        switch self {
        case .all(let terms):
            terms.allSatisfy { $0.speaksOfDevices || $0.holds(on: offer) } && DeviceGroup(terms).holds(on: offer)
        case .any(let terms): terms.contains { $0.holds(on: offer) }
        case .not(let term): !term.holds(on: offer)
        case .comparison(let comparison):
            speaksOfDevices ? DeviceGroup([self]).holds(on: offer) : comparison.holds(on: offer)
        }
    }

    fileprivate func shortfalls(on offer: HardwareOffer) -> [Shortfall] {
        switch self {
        case .all(let terms):
            return terms.filter { !$0.speaksOfDevices }.flatMap { $0.shortfalls(on: offer) }
                + DeviceGroup(terms).shortfalls(on: offer)
        case .any(let terms):
            let all = terms.map { $0.shortfalls(on: offer) }
            guard !all.contains(where: \.isEmpty) else { return [] }
            let founds = all.map { $0.map(\.found).joined(separator: " and ") }
            let gap = all.map { $0.map(\.gap).max() ?? 1 }.min() ?? 1
            return [Shortfall(needed: text, found: Self.joined(founds), gap: gap)]
        case .not(let term):
            guard term.holds(on: offer) else { return [] }
            return [Shortfall(needed: text, found: "but \(term.text) holds", gap: 1)]
        case .comparison(let comparison):
            if speaksOfDevices { return DeviceGroup([self]).shortfalls(on: offer) }
            return comparison.holds(on: offer) ? [] : [comparison.shortfall(on: offer)]
        }
    }

    /// Without saying the same twice.
    private static func joined(_ texts: [String]) -> String {
        var seen: Set<String> = []
        return texts.filter { seen.insert($0).inserted }.joined(separator: " and ")
    }
}

/// What one list says of GPUs: how many, and which are counted.
private struct DeviceGroup {
    private var counts: [Requirement.Comparison] = []
    private var filters: [Requirement.Comparison] = []

    init(_ terms: [Requirement.Term]) {
        for case .comparison(let comparison) in terms {
            if comparison.fact == .gpu { counts.append(comparison) }
            if comparison.fact.isOfDevice { filters.append(comparison) }
        }
    }

    private var isEmpty: Bool { counts.isEmpty && filters.isEmpty }

    func devices(of offer: HardwareOffer) -> [OfferedGPU] {
        offer.gpus.filter { gpu in filters.allSatisfy { $0.holds(for: gpu) } }
    }

    func holds(on offer: HardwareOffer) -> Bool {
        guard !isEmpty else { return true }
        let count = devices(of: offer).count
        return counts.isEmpty ? count > 0 : counts.allSatisfy { $0.holds(count) }
    }

    func shortfalls(on offer: HardwareOffer) -> [Shortfall] {
        guard !holds(on: offer) else { return [] }
        let count = devices(of: offer).count
        let needed = ((counts.isEmpty ? [] : counts) + filters).map(\.text).joined(separator: ", ")
        let wanted = counts.compactMap(\.count).max() ?? 1
        // Cards that do not count are still nearer than none.
        let missing = min(1, max(0, Double(wanted - count) / Double(max(wanted, 1))))
        let gap = offer.gpus.isEmpty ? missing : missing * 0.75
        return [Shortfall(needed: needed, found: words(count, offer), gap: gap)]
    }

    private func words(_ count: Int, _ offer: HardwareOffer) -> String {
        guard !offer.gpus.isEmpty else { return "has none" }
        let models = offer.gpus.map(\.title)
        let kinds = Dictionary(grouping: models, by: \.self).sorted { $0.key < $1.key }.map { model, all in
            all.count > 1 ? "\(all.count) × \(model)" : model
        }
        let counted = filters.isEmpty || count == 0 ? "" : ", of which \(count) count\(count == 1 ? "s" : "")"
        return "has \(kinds.prefix(4).joined(separator: ", "))\(kinds.count > 4 ? ", …" : "")\(counted)"
    }
}

extension OfferedGPU {
    /// With its memory: `NVIDIA H200 (141.2 GB)`.
    package var title: String { memory.map { "\(model) (\(ByteSize.short($0)))" } ?? model }
}
