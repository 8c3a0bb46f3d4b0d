/// Which devices a variable such as `CUDA_VISIBLE_DEVICES` leaves to this process.
struct VisibleDevices {
    let variable: String
    private let words: [String]

    /// The first of the variables that is set; `nil` where none is, and all devices are visible.
    init?(_ variables: [String], in environment: [String: String]) {
        guard let variable = variables.first(where: { environment[$0] != nil }), let value = environment[variable],
            value != "all"
        else { return nil }
        self.variable = variable
        words = value.split(separator: ",").map(\.trimmed)
    }

    /// The devices that are left, in the variable's order. As with CUDA, the first word that names none ends the list.
    func kept(_ gpus: [GPU]) -> [GPU] {
        var kept: [GPU] = []
        for word in words {
            guard let gpu = Self.gpu(word, among: gpus) else { break }
            if let place = kept.firstIndex(where: { $0.id == gpu.id }), !gpu.partitions.isEmpty {
                kept[place].partitions += gpu.partitions.filter { !kept[place].partitions.contains($0) }
            } else if !kept.contains(where: { $0.id == gpu.id }) {
                kept.append(gpu)
            }
        }
        return kept
    }

    /// By index, by a UUID or the beginning of one; the card with one piece only where the piece is named.
    private static func gpu(_ word: String, among gpus: [GPU]) -> GPU? {
        if let index = Int(word) { return gpus.first { $0.id.index == index } }
        guard !word.isEmpty else { return nil }
        for var gpu in gpus {
            if let uuid = gpu.id.uuid, uuid.hasPrefix(word) { return gpu }
            let pieces = gpu.partitions.filter { $0.uuid.hasPrefix(word) }
            guard let piece = pieces.first else { continue }
            gpu.partitions = [piece]
            return gpu
        }
        return nil
    }
}
