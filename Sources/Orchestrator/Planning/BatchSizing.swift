/// Into how many batches a slot's work is cut, and how long each is.
///
/// Batches shrink towards the end, as in factoring (Hummel, Schonberg and Flynn 1992), but only while the cut pays.
/// A slot's last piece of length *r*, whose real length deviates by the share *u*, ends the run about *g·u·r* late,
/// where *g* is the expected maximum of as many standard normal numbers as there are slots. Cutting off its first part
/// *α·r*, with *α = 1 / (1 + 2u)* so that this part most likely ends before the others' remainder does, saves
/// *α·g·u·r* and costs one more start. So sure estimates give one batch a slot, or one and a small tail in a long run;
/// guesses give several.
enum BatchSizing {
    /// Slots of one machine differ by this share even where each test is known exactly.
    private static let slotDeviation = 0.04
    /// What a batch costs us besides its runner's start, in microseconds.
    private static let dispatchCost = 2_000.0
    private static let mostLevels = 8
    /// The expected maximum of 1, 2, 4, … 1024 standard normal numbers.
    private static let expectedMaximum = [0, 0.564, 1.029, 1.424, 1.766, 2.070, 2.343, 2.594, 2.826, 3.042, 3.245]

    /// Work of a slot's batches in microseconds, longest first; the sum is `work`.
    ///
    /// - Parameters:
    ///   - work: of the slot, in microseconds.
    ///   - start: the fixed cost of one more batch, in microseconds.
    ///   - variance: of `work`, in square microseconds.
    ///   - slots: that take batches from one list.
    /// - Returns: at least one level, none of them zero, if there is any work.
    static func levels(of work: Int64, start: Int64, variance: Double, slots: Int) -> [Int64] {
        guard work > 0 else { return [] }
        let doubling = min(max(slots, 1).bitWidth - 1 - max(slots, 1).leadingZeroBitCount, expectedMaximum.count - 1)
        let lateness = expectedMaximum[doubling]
        let cost = max(Double(start), dispatchCost)
        let variancePerWork = variance / Double(work)
        var levels: [Int64] = []
        var rest = work
        while levels.count < mostLevels - 1 {
            let remaining = Double(rest)
            let deviation = (slotDeviation * slotDeviation + variancePerWork / remaining).squareRoot()
            let share = 1 / (1 + 2 * deviation)
            guard share * lateness * deviation * remaining > cost else { break }
            let level = max(1, Int64((share * remaining).rounded(.down)))
            guard level < rest else { break }
            levels.append(level)
            rest -= level
        }
        levels.append(rest)
        return levels.sorted(by: >)
    }

    /// Deals atoms to levels: each goes where most room is left, so the long ones come into the first batches and
    /// neighbours of the listing, which often are alike, into different ones. The leading `urgent` atoms come into the
    /// first batch. The result is the level of each atom.
    static func deal(_ durations: [Int64], over levels: [Int64], urgent: Int) -> [Int] {
        var room = levels
        var places = [Int](repeating: 0, count: durations.count)
        for index in durations.indices {
            var best = 0
            if index >= urgent {
                for level in room.indices where room[level] > room[best] { best = level }
            }
            room[best] -= durations[index]
            places[index] = best
        }
        return places
    }
}
