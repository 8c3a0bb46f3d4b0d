import CICore
import SystemPackage

/// Test classes among compiled ones, found by their annotations: no JVM is started, no class is loaded.
struct JavaTestClasses {
    private var classes: [String: JavaClassFile] = [:]
    /// The order of discovery.
    private var names: [String] = []

    /// Reads what is below the roots; each is a directory of a class path.
    init(below roots: [FilePath], using tools: RunnerTools) {
        for root in roots {
            let walk = TreeWalk(from: root, leaving: TreeRule(markers: []) { _, _, _ in false }, with: tools.files)
            for path in walk.files where path.hasSuffix(".class") {
                // A class that cannot be read cannot be run either.
                guard let bytes = try? tools.files.contents(of: root.appending(path), limit: 16 << 20),
                    let file = JavaClassFile(bytes)
                else { continue }
                if classes.updateValue(file, forKey: file.name) == nil { names.append(file.name) }
            }
        }
    }

    /// A class that a runner can be asked for, with its tests.
    struct TestClass {
        var name: String
        /// `demo.CalcTest#adds`, nested classes' tests included.
        var tests: [String]
        /// Whether tests lean on each other or on a fixture of the class: they are not torn apart.
        var isBound: Bool
    }

    /// Classes with tests, nested ones as part of theirs.
    func testClasses() -> [TestClass] {
        names.compactMap { name in
            guard let file = classes[name], !file.isAbstract, !file.isAnnotation, !isInner(name) else { return nil }
            let tests = tests(of: name)
            return tests.isEmpty ? nil : TestClass(name: name, tests: tests, isBound: isBound(name))
        }
    }

    /// Parts of a class: what JUnit runs with it, and what the compiler made of lambdas and anonymous classes.
    private func isInner(_ name: String) -> Bool {
        guard let dollar = name.lastIndex(of: "$") else { return false }
        let last = name[name.index(after: dollar)...]
        return last.first?.isNumber ?? true || classes[name]?.annotations.contains(Self.nested) ?? false
    }

    private func tests(of name: String) -> [String] {
        var seen: Set<String> = []
        var tests = methods(of: name, seen: &seen, depth: 0).map { "\(name)#\($0)" }
        for inner in names
        where inner.hasPrefix(name + "$") && classes[inner]?.annotations.contains(Self.nested) ?? false {
            // Only direct children: they bring their own.
            if !inner.dropFirst(name.count + 1).contains("$") { tests += self.tests(of: inner) }
        }
        return tests
    }

    /// Test methods, inherited ones included.
    private func methods(of name: String, seen: inout Set<String>, depth: Int) -> [String] {
        guard let file = classes[name], depth < 64 else { return [] }
        var found: [String] = []
        for method in file.methods where seen.insert(method.name + method.descriptor).inserted {
            guard !method.isPrivate, isTest(method, of: file) else { continue }
            let types = JavaTypeName.parameters(of: method.descriptor)
            found.append(types.isEmpty ? method.name : "\(method.name)(\(types.joined(separator: ", ")))")
        }
        for parent in [file.superName] + file.interfaces {
            found += methods(of: parent, seen: &seen, depth: depth + 1)
        }
        return found
    }

    private func isTest(_ method: JavaClassFile.Method, of file: JavaClassFile) -> Bool {
        if method.annotations.contains(where: { isMarker($0, depth: 0) }) { return true }
        return method.name.hasPrefix("test") && method.descriptor == "()V" && isTestCase(file, depth: 0)
    }

    /// Whether an annotation makes a test, also through annotations of its own.
    private func isMarker(_ annotation: String, depth: Int) -> Bool {
        if Self.markers.contains(annotation) { return true }
        guard depth < 8, let file = classes[annotation] else { return false }
        return file.annotations.contains { isMarker($0, depth: depth + 1) }
    }

    /// JUnit 3.
    private func isTestCase(_ file: JavaClassFile, depth: Int) -> Bool {
        if file.superName == "junit.framework.TestCase" { return true }
        guard depth < 64, let parent = classes[file.superName] else { return false }
        return isTestCase(parent, depth: depth + 1)
    }

    private func isBound(_ name: String) -> Bool {
        var current = name
        for _ in 0..<64 {
            guard let file = classes[current] else { return false }
            let all = file.annotations + file.methods.flatMap(\.annotations)
            if all.contains(where: Self.binders.contains) { return true }
            current = file.superName
        }
        return false
    }

    private static let nested = "org.junit.jupiter.api.Nested"

    private static let markers: Set<String> = [
        "org.junit.jupiter.api.Test", "org.junit.jupiter.api.RepeatedTest", "org.junit.jupiter.api.TestFactory",
        "org.junit.jupiter.api.TestTemplate", "org.junit.jupiter.params.ParameterizedTest", "org.junit.Test",
        "org.testng.annotations.Test",
    ]

    private static let binders: Set<String> = [
        "org.junit.jupiter.api.BeforeAll", "org.junit.jupiter.api.AfterAll", "org.junit.jupiter.api.TestMethodOrder",
        "org.junit.BeforeClass", "org.junit.AfterClass", "org.junit.FixMethodOrder",
        "org.testng.annotations.BeforeClass", "org.testng.annotations.AfterClass",
    ]
}
