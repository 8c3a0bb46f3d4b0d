/// One brace-free pattern, compiled; matching is linear in the path for each star.
struct GlobProgram: Sendable, Hashable {
    private enum Step: Sendable, Hashable {
        case byte(UInt8)
        case anyCharacter
        case set(GlobSet)
        /// `*`: any run without a slash.
        case star
        /// `**/`: no or any number of components with their slashes.
        case components
        /// `**` at the end: everything.
        case rest
    }

    private static let slash = UInt8(ascii: "/")
    private var steps: [Step] = []
    /// The directory that every match lies in.
    private(set) var base = ""

    init(_ pattern: [UInt8]) {
        var index = 0
        while index < pattern.count { index = append(pattern, at: index) }
        base = Self.base(of: steps)
    }

    /// Whether it covers the whole path.
    func matches(_ path: UnsafeBufferPointer<UInt8>) -> Bool {
        var step = 0
        var at = 0
        var star: (step: Int, at: Int)?
        var components: (step: Int, at: Int)?
        while true {
            if step < steps.count {
                switch steps[step] {
                case .rest:
                    return true
                case .star:
                    step += 1
                    star = (step, at)
                    continue
                case .components:
                    step += 1
                    components = (step, at)
                    star = nil
                    continue
                default:
                    if let length = length(of: steps[step], in: path, at: at) {
                        step += 1
                        at += length
                        continue
                    }
                }
            } else if at == path.count {
                return true
            }
            // The last star takes one byte more; failing that, the last `**/` takes one component more.
            if let last = star, last.at < path.count, path[last.at] != Self.slash {
                star = (last.step, last.at + 1)
                (step, at) = (last.step, last.at + 1)
            } else if let last = components, let slash = path[last.at...].firstIndex(of: Self.slash) {
                components = (last.step, slash + 1)
                star = nil
                (step, at) = (last.step, slash + 1)
            } else {
                return false
            }
        }
    }

    /// How many bytes one step takes here; `nil` if it does not match.
    private func length(of step: Step, in path: UnsafeBufferPointer<UInt8>, at: Int) -> Int? {
        guard at < path.count else { return nil }
        switch step {
        case .byte(let byte):
            return path[at] == byte ? 1 : nil
        case .anyCharacter:
            return path[at] == Self.slash ? nil : GlobSet.character(in: path, at: at).length
        case .set(let set):
            let character = GlobSet.character(in: path, at: at)
            return path[at] != Self.slash && set.contains(character.value) ? character.length : nil
        case .star, .components, .rest:
            return nil
        }
    }

    /// Compiles what stands at `index`; the index after it.
    private mutating func append(_ pattern: [UInt8], at index: Int) -> Int {
        switch pattern[index] {
        case UInt8(ascii: "*"):
            let end = pattern[index...].firstIndex { $0 != UInt8(ascii: "*") } ?? pattern.count
            let startsComponent = index == 0 || pattern[index - 1] == Self.slash
            if end - index > 1, startsComponent, end == pattern.count {
                steps.append(.rest)
            } else if end - index > 1, startsComponent, pattern[end] == Self.slash {
                if steps.last != .components { steps.append(.components) }
                return end + 1
            } else {
                steps.append(.star)
            }
            return end
        case UInt8(ascii: "?"):
            steps.append(.anyCharacter)
        case UInt8(ascii: "["):
            if let (set, end) = GlobSet.parse(pattern, at: index) {
                steps.append(.set(set))
                return end
            }
            steps.append(.byte(pattern[index]))
        case UInt8(ascii: "\\") where index + 1 < pattern.count:
            steps.append(.byte(pattern[index + 1]))
            return index + 2
        default:
            steps.append(.byte(pattern[index]))
        }
        return index + 1
    }

    private static func base(of steps: [Step]) -> String {
        var bytes: [UInt8] = []
        for case .byte(let byte) in steps.prefix(while: { if case .byte = $0 { true } else { false } }) {
            bytes.append(byte)
        }
        guard let slash = bytes.lastIndex(of: slash) else { return "" }
        return String(decoding: bytes[..<slash], as: UTF8.self)
    }
}
