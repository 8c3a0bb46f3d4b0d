import CICore
import Testing

@testable import Orchestrator

struct PytestExitTests {
    @Test(arguments: [
        (ProcessExit.exited(0), 3, "", "completed"), (.exited(1), 3, "", "completed"),
        (.exited(2), 1, "dt-ci: 1 error during collection: t.py", "collectionFailed"),
        (.exited(2), 1, "KeyboardInterrupt", "crashed"), (.exited(3), 0, "INTERNALERROR> x", "crashed"),
        (.exited(4), 0, "ImportError while loading conftest '/x/conftest.py'.", "collectionFailed"),
        (.exited(4), 0, "ERROR: not found: t.py::a", "misused"), (.exited(5), 0, "", "nothingCollected"),
        (.exited(5), 2, "", "completed"), (.exited(77), 1, "", "crashed"), (.exited(139), 1, "", "crashed"),
        (.signaled(11), 1, "", "crashed"), (.exited(127), 0, "sh: poetry: not found", "misused"),
    ])
    func `each way to end has its meaning`(exit: ProcessExit, reported: Int, tail: String, meaning: String) {
        let reading = PytestRunner().reading(
            of: exit, in: BatchEnding(reported: reported, failures: 0, outputTail: tail))
        #expect("\(reading)".hasPrefix(meaning), "\(reading)")
    }
}
