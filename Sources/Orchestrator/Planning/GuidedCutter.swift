/// Cuts a lot into batches for a queue that all slots of a run pull from.
///
/// Guided self-scheduling (C. D. Polychronopoulos and D. J. Kuck 1987) over tests in the order of their service: each
/// batch is a fixed part of what is left then, so that a slot which began late or is slow never holds more than the
/// others can do meanwhile. What is longer than such a part is alone. Batches stop to shrink where their start would
/// cost more than an earlier end is worth.
struct GuidedCutter {
    /// A batch is so much of a slot's share of what is left: a half, as a slot may be half as fast as the others.
    private static let part = 0.5
    /// A batch is at least so many times its start.
    private static let fewestStarts: Int64 = 2
    /// Nor less than this, in microseconds: some ten times what handing out a batch costs.
    private static let shortest: Int64 = 50_000

    let lot: Lot
    let index: Int
    /// Of all lots that the slots share, in microseconds.
    let work: Int64
    let slots: Int

    /// In the order of service, all for lane 0.
    func drafts(in order: BatchOrder) -> [BatchDraft] {
        let least = max(lot.start * Self.fewestStarts, Self.shortest)
        let share = Self.part * Double(work) / Double(max(slots, 1)) / Double(max(lot.atoms.total, 1))
        var rest = lot.atoms.total
        var drafts: [BatchDraft] = []
        var draft = BatchDraft(lot: index, lane: 0, atoms: [], work: 0)
        var size = 0
        var target = max(least, Int64(share * Double(rest)))
        for atom in atoms(in: order) {
            let duration = lot.atoms.durations[Int(atom)]
            let isFull =
                draft.work + duration / 2 > target || size + lot.atoms.size(of: atom) > lot.limits.unitsPerBatch ?? .max
            if isFull, !draft.atoms.isEmpty {
                drafts.append(draft)
                rest -= draft.work
                target = max(least, Int64(share * Double(rest)))
                draft = BatchDraft(lot: index, lane: 0, atoms: [], work: 0)
                size = 0
            }
            draft.atoms.append(atom)
            draft.work += duration
            draft.hasUrgent = draft.hasUrgent || lot.atoms.isUrgent[Int(atom)]
            size += lot.atoms.size(of: atom)
        }
        return draft.atoms.isEmpty ? drafts : drafts + [draft]
    }

    private func atoms(in order: BatchOrder) -> [Int32] {
        guard case .listed = order else { return lot.order }
        let firsts = lot.order.indices.map { lot.atoms.units(of: Int32($0)).min() ?? 0 }
        return lot.order.sorted { firsts[Int($0)] < firsts[Int($1)] }
    }
}
