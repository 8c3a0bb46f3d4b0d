import CICore

/// One test program that Cargo builds; named as cargo-nextest names it: `package`, `package::test`,
/// `package::bin/name`.
struct CargoTarget: Hashable {
    var package: String
    /// `lib`, `test`, `bin`, `example` or `bench`.
    var kind: String
    var name: String

    init(package: String, kind: String, name: String) {
        self.package = package
        self.kind = kind
        self.name = name
    }

    /// Reads a selector; what follows `#` is a test within.
    init(_ selector: String) {
        let program = selector.prefix { $0 != "#" }
        guard let split = program.firstRange(of: "::") else {
            self.init(package: String(program), kind: "lib", name: String(program))
            return
        }
        let rest = program[split.upperBound...].split(separator: "/", maxSplits: 1)
        self.init(
            package: String(program[..<split.lowerBound]), kind: rest.count > 1 ? String(rest[0]) : "test",
            name: rest.last.map(String.init) ?? "")
    }

    /// A line of `cargo test --no-run --message-format=json`; `nil` for what is no test program.
    init?(artifact json: JSONValue) {
        guard json["reason"]?.string == "compiler-artifact", json["executable"]?.string != nil,
            json["profile"]?["test"]?.bool == true, let target = json["target"], let name = target["name"]?.string,
            let id = json["package_id"]?.string
        else { return nil }
        let kinds = target["kind"]?.array.compactMap(\.string) ?? []
        let kind = ["test", "bin", "example", "bench"].first { kinds.contains($0) } ?? "lib"
        self.init(package: Self.package(id, manifest: json["manifest_path"]?.string), kind: kind, name: name)
    }

    /// `path+file:///w/one#0.1.0`, `path+file:///w/dir#one@0.1.0`, or `one 0.1.0 (path+file:///w/one)` before 1.77.
    private static func package(_ id: String, manifest: String?) -> String {
        guard let hash = id.lastIndex(of: "#") else { return String(id.prefix { $0 != " " }) }
        let fragment = id[hash...].dropFirst()
        if let at = fragment.firstIndex(of: "@") { return String(fragment[..<at]) }
        let path = id[..<hash].split(separator: "/").last.map(String.init)
        return path ?? manifest?.split(separator: "/").dropLast().last.map(String.init) ?? String(fragment)
    }

    var selector: String {
        switch kind {
        case "lib": package
        case "test": "\(package)::\(name)"
        default: "\(package)::\(kind)/\(name)"
        }
    }

    /// What `cargo test` takes to run this program alone.
    var arguments: [String] { ["-p", package] + (kind == "lib" ? ["--lib"] : ["--\(kind)", name]) }
}
