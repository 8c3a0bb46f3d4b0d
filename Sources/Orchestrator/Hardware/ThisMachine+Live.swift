package import CICore

/// How wide work may be on the machine that dt-ci runs on; the rest of it is for `HardwareDetector` to find out.
package struct ThisMachine: Sendable {
    package let processors: ProcessorLimit

    package init(files: any FileSystem = LocalFileSystem()) {
        processors = ProcessorLimit(online: HardwareWorld.Kernel.live.processors, files: files)
    }
}
