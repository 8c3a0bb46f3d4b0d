package import CICore
package import SystemPackage

/// What an imported test is called and where it belongs.
package struct ImportedNames: Sendable, Hashable {
    /// As the runner selects it, as far as the file tells.
    package var selector: String
    /// The file, class or package around it.
    package var container: String
    package var className: String
    package var name: String

    package init(selector: String, container: String, className: String = "", name: String? = nil) {
        self.selector = selector
        self.container = container
        self.className = className
        self.name = name ?? selector
    }

    /// A file that is known as a whole.
    init(file: String) { self.init(selector: file, container: file) }
}

/// Makes selectors of what reports say: file, class and name, each of which may be missing.
///
/// With a file the selector is `file::name`; pytest's dotted class names (`tests.test_a.TestCart`) become what pytest
/// selects (`tests/test_a.py::TestCart::test_add`), also without a file when the project has one of that name. Without
/// a file it is `class.name`.
package struct NameReader {
    private let root: FilePath
    private let files: any FileSystem
    private var pythonFiles: [String: String?] = [:]

    package init(root: FilePath, files: any FileSystem) {
        self.root = root
        self.files = files
    }

    package mutating func names(file: String?, className: String, name: String) -> ImportedNames {
        let known = file.flatMap { $0.isEmpty ? nil : $0 } ?? pythonFile(of: className)
        guard let known else {
            let selector = className.isEmpty ? name : "\(className).\(name)"
            let container = className.isEmpty ? name : className
            return ImportedNames(selector: selector, container: container, className: className, name: name)
        }
        let selector = ([known] + classes(of: className, in: known) + [name]).joined(separator: "::")
        return ImportedNames(selector: selector, container: known, className: className, name: name)
    }

    /// What follows the module in a dotted Python class name.
    private func classes(of className: String, in file: String) -> [String] {
        guard file.hasSuffix(".py") else { return [] }
        let module = file.dropLast(3).split(separator: "/").joined(separator: ".")
        guard className.hasPrefix(module + ".") else { return [] }
        return className.dropFirst(module.count + 1).split(separator: ".").map(String.init)
    }

    private mutating func pythonFile(of className: String) -> String? {
        if let known = pythonFiles[className] { return known }
        var parts = className.split(separator: ".").map(String.init)
        var found: String?
        while found == nil, !parts.isEmpty, parts.count <= 32, !className.contains("/") {
            let candidate = parts.joined(separator: "/") + ".py"
            if files.kind(of: root.appending(candidate)) == .file { found = candidate }
            parts.removeLast()
        }
        pythonFiles[className] = .some(found)
        return found
    }
}
