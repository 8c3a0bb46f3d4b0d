import CICore

/// pytest's exit codes: 0 and 1 are results, 2 interrupted, 3 internal error, 4 usage, 5 nothing collected.
struct PytestExit {
    let exit: ProcessExit
    let ending: BatchEnding

    var reading: ExitReading {
        switch exit {
        case .exited(0), .exited(1): .completed
        case .exited(2): interrupted
        case .exited(3) where ending.outputTail.contains("INTERNALERROR"):
            .crashed("pytest had an internal error:\n\(words)")
        case .exited(4): refused
        case .exited(5): ending.reported > 0 ? .completed : .nothingCollected
        case .exited(126), .exited(127): .misused("pytest could not be started:\n\(words)")
        case .exited, .signaled:
            .crashed(exit.crashSignal.map { "pytest was ended by signal \($0)" } ?? "pytest ended with \(exit)")
        }
    }

    private var interrupted: ExitReading {
        ending.outputTail.contains("during collection")
            ? .collectionFailed(words) : .crashed("pytest was interrupted:\n\(words)")
    }

    private var refused: ExitReading {
        let isConftest =
            ending.outputTail.contains("while loading conftest")
            || ending.outputTail.contains("ConftestImportFailure")
        return isConftest ? .collectionFailed(words) : .misused(words)
    }

    private var words: String { RunnerWords.tail(of: ending.outputTail) }
}
