import CICore
import Testing

@testable import Reporting

#if canImport(Glibc)
    import Glibc
#elseif canImport(Darwin)
    import Darwin
#endif

@Suite(.timeLimit(.minutes(2)))
struct PatientOutputTests {
    private let ends: (reading: Int32, writing: Int32)

    init() {
        var pair: [Int32] = [-1, -1]
        #expect(pipe(&pair) == 0)
        ends = (pair[0], pair[1])
        // As dt-ci does.
        signal(SIGPIPE, SIG_IGN)
    }

    /// What the pipe holds now.
    private func held() -> [UInt8] {
        _ = fcntl(ends.reading, F_SETFL, O_NONBLOCK)
        var chunk = [UInt8](repeating: 0, count: 4 << 20)
        var all: [UInt8] = []
        while case let count = read(ends.reading, &chunk, chunk.count), count > 0 { all += chunk[..<count] }
        return all
    }

    @Test
    func `a reader that has stopped gets everything in order when it goes on`() {
        var output = PatientOutput(ends.writing)
        let lines = (0..<20_000).map { "line \($0)\n" }
        let started = ContinuousClock.now
        for line in lines { output.write(line) }
        #expect(ContinuousClock.now - started < .seconds(20))
        var seen = held()
        while case let count = seen.count, count < lines.joined().utf8.count {
            output.write("")
            seen += held()
            guard seen.count > count else { break }
        }
        #expect(String(decoding: seen, as: UTF8.self) == lines.joined())
        close(ends.reading)
        close(ends.writing)
    }

    @Test
    func `a reader that has gone is nobody's problem`() {
        close(ends.reading)
        var output = PatientOutput(ends.writing)
        output.write("into the void\n")
        output.write("again\n")
        output.flush(waiting: .seconds(600))
        close(ends.writing)
    }

    @Test
    func `what a reader never takes is bounded and said`() {
        var output = PatientOutput(ends.writing)
        output.write(String(repeating: "x", count: PatientOutput.capacity))
        output.write(String(repeating: "y", count: PatientOutput.capacity))
        _ = held()
        output.flush(waiting: .zero)
        while !held().isEmpty { output.flush(waiting: .zero) }
        output.write("end\n")
        let rest = String(decoding: held(), as: UTF8.self)
        #expect(rest == "… 1048576 bytes left out: the reader did not take them …\nend\n", "\(rest.count)")
        close(ends.reading)
        close(ends.writing)
    }

    @Test
    func `progress goes to its descriptor and is cleared away at the end`() async {
        let progress = RunProgress(.live(isColoured: false), descriptor: ends.writing)
        progress.handle(Events.started())
        progress.handle(Events.test("a::b", .failed))
        let mover = Task { await progress.keepMoving() }
        mover.cancel()
        await mover.value
        progress.interject("between\n")
        progress.finish()
        var screen = Screen()
        screen.show(String(decoding: held(), as: UTF8.self))
        #expect(screen.text == "FAILED a::b\nbetween")
        #expect(!screen.isCursorHidden)
        close(ends.reading)
        close(ends.writing)
    }
}
