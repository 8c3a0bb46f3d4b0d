/// From durations to lengths in a picture.
struct ChartScale {
    let longest: Duration
    /// In hundredths of a unit of the picture.
    let length: Int

    /// 0 to `length`.
    func place(of duration: Duration) -> Int {
        guard longest > .zero else { return 0 }
        return min(length, max(0, Int((duration / longest * Double(length)).rounded())))
    }

    /// Round times from zero on, at most so many: 1, 2 or 5 times a power of ten seconds.
    func ticks(_ count: Int) -> [Duration] {
        guard longest > .zero else { return [] }
        var step = 0.001
        let factors = [2.0, 2.5, 2.0]
        var turn = 0
        while longest.inSeconds / step > Double(count) {
            step *= factors[turn % 3]
            turn += 1
        }
        return stride(from: 0, through: longest.inSeconds, by: step).map { .seconds($0) }
    }
}

extension Duration {
    var inSeconds: Double { self / .seconds(1) }
}
