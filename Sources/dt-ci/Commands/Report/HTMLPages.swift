import CICore
import Reporting
import SystemPackage

/// A report as pages on disk.
struct HTMLPages {
    private let report: HTMLReport

    init(_ report: HTMLReport) { self.report = report }

    /// A single report is the file itself, a split one a directory; each file comes there in one step.
    func write(to path: FilePath) throws(FileError) {
        let files = LocalFileSystem()
        if report.isSplit { try files.createDirectory(path) }
        try report.files { name, bytes throws(FileError) in
            try files.write(bytes, to: report.isSplit ? path.appending(name) : path)
        }
    }
}
