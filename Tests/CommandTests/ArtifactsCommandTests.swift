import Foundation
import Testing

/// `dt-ci artifacts …` as a user runs it.
@Suite struct ArtifactsCommandTests {
    @Test func `what is put is listed, verified and given back`() async throws {
        let home = try TemporaryDirectory()
        try home.write("alpha", to: "out/a.txt")
        try home.write("beta", to: "out/deep/b.log")
        let dtci = DTCIBinary(in: home.url)
        let put = try await dtci.run("artifacts", "put", "results", "out")
        #expect(put.standardOutput == "kept results: 2 entries, 9 B, 9 B new\n")
        #expect(put.standardError.isEmpty && put.exitCode == 0)
        #expect(try home.text(".dt-ci/.gitignore") == "*\n")
        let again = try await dtci.run("artifacts", "put", "results", "out")
        #expect(again.standardOutput == "results is kept already: 2 entries, 9 B\n")
        let list = try await dtci.run("artifacts", "list")
        #expect(list.lines.count == 2 && list.lines[0].hasPrefix("CREATED"))
        #expect(list.lines[1].hasSuffix("Z        2   9 B  results"))
        #expect(
            try await dtci.run("artifacts", "list", "results").standardOutput
                == "     5 B  a.txt\n     4 B  deep/b.log\n")
        #expect(
            try await dtci.run("artifacts", "verify").standardOutput
                == "1 artifact, 2 contents, 9 B: all as it was put\n")
        let get = try await dtci.run("artifacts", "get", "results")
        #expect(get.standardOutput == "wrote 2 entries, 9 B, into results\n")
        #expect(try home.text("results/deep/b.log") == "beta")
        let refused = try await dtci.run("artifacts", "get", "results")
        #expect(refused.exitCode == 2)
        #expect(refused.standardError.contains("a.txt is there already; --overwrite replaces it"))
        #expect(try await dtci.run("artifacts", "get", "results", "--overwrite", "--hard-link").exitCode == 0)
    }

    @Test func `several paths and globs keep their places, and what matches nothing is said`() async throws {
        let home = try TemporaryDirectory()
        for path in ["a/x.log", "a/tmp/y.log", "b/z.txt", "c.txt", "d/.env"] { try home.write(path, to: path) }
        let dtci = DTCIBinary(in: home.url)
        let put = try await dtci.run(
            "artifacts", "put", "some", "a/**/*.log", "./b", "c.txt", "none/*.xml", "--exclude", "tmp")
        #expect(put.exitCode == 0)
        #expect(put.standardError == "warning: none/*.xml matches nothing\n")
        #expect(
            try await dtci.run("artifacts", "list", "some").lines.map { $0.split(separator: " ").last.map(String.init) }
                == ["a/x.log", "b/z.txt", "c.txt"])
        let hidden = try await dtci.run("artifacts", "put", "hidden", "d", "c.txt")
        #expect(hidden.lines.last == "      1 hidden name left out; --hidden include keeps them")
        let one = try await dtci.run("artifacts", "put", "one", "a/x.log")
        #expect(one.exitCode == 0)
        #expect(try await dtci.run("artifacts", "list", "one").standardOutput == "     7 B  x.log\n")
        let missing = try await dtci.run("artifacts", "put", "missing", "nowhere")
        #expect(missing.exitCode == 2 && missing.standardError == "error: nowhere is not there\n")
        let outside = DTCIBinary(in: home.url.appending(path: "a"))
        #expect(try await outside.run("artifacts", "put", "up", "../b", "../c.txt", "--store", "../s").exitCode == 0)
        #expect(
            try await outside.run("artifacts", "list", "up", "--store", "../s").standardOutput
                == "     7 B  b/z.txt\n     5 B  c.txt\n")
    }

    @Test func `an archive is unpacked beside itself`() async throws {
        let home = try TemporaryDirectory()
        try home.write("alpha", to: "in/a.txt")
        try home.write("beta", to: "in/b.log")
        let dtci = DTCIBinary(in: home.url)
        _ = try await dtci.paste("cd in && zip -qr ../some.zip .")
        let get = try await dtci.run("artifacts", "get", "some.zip", "--include", "*.log")
        #expect(get.standardOutput == "wrote 1 entry, 4 B, into some\n")
        #expect(try home.text("some/b.log") == "beta")
        #expect(!home.exists("some/a.txt"))
        let nothing = try await dtci.run("artifacts", "get", "some.zip", "--include", "*.xml", "--to", "x")
        #expect(nothing.exitCode == 2)
        let none = try await dtci.run("artifacts", "get", "other.zip")
        #expect(none.exitCode == 2 && none.standardError.contains("has no artifact called other.zip"))
    }

    @Test func `damage has exit code 4 and the names of the files`() async throws {
        let home = try TemporaryDirectory()
        try home.write("alpha", to: "in/a.txt")
        let dtci = DTCIBinary(in: home.url)
        #expect(try await dtci.run("artifacts", "put", "x", "in").exitCode == 0)
        _ = try await dtci.paste(
            "chmod -R u+w .dt-ci && find .dt-ci/artifacts/objects -type f -exec truncate -s 3 {} +")
        let verify = try await dtci.run("artifacts", "verify")
        #expect(verify.exitCode == 4)
        #expect(verify.standardError.hasPrefix("damaged: x: the content of a.txt is not what it was when it was put"))
        #expect(verify.standardOutput == "1 artifact, 1 content, 5 B: 1 damaged\n")
        #expect(try await dtci.run("artifacts", "get", "x").exitCode == 4)
        try home.write("broken\n", to: ".dt-ci/artifacts/manifests/y.jsonl")
        let list = try await dtci.run("artifacts", "list")
        #expect(list.exitCode == 4 && list.lines.count == 2)
        #expect(list.standardError.contains("y.jsonl, line 1: is no manifest of an artifact"))
    }

    @Test func `gc says what it would remove, and removes it`() async throws {
        let home = try TemporaryDirectory()
        try home.write("alpha", to: "in/a.txt")
        let dtci = DTCIBinary(in: home.url)
        for name in ["one", "two"] {
            try home.write(name, to: "in/name")
            #expect(try await dtci.run("artifacts", "put", name, "in").exitCode == 0)
        }
        let dry = try await dtci.run("artifacts", "gc", "--keep-last", "1", "--dry-run")
        #expect(dry.lines.first?.hasPrefix("would remove ") == true)
        #expect(dry.lines.last == "1 artifact kept, 1 would be removed, 3 B in 1 content to free")
        #expect(try await dtci.run("artifacts", "list").lines.count == 3)
        let removed = try await dtci.run("artifacts", "gc", "--keep-last", "1")
        #expect(removed.lines.last == "1 artifact kept, 1 removed, 3 B in 1 content freed")
        #expect(try await dtci.run("artifacts", "list").lines.count == 2)
        #expect(try await dtci.run("artifacts", "verify").exitCode == 0)
        #expect(try await dtci.run("artifacts", "gc", "--max-age", "soon").exitCode == 2)
    }

    @Test(arguments: [["put", "a", "in"], ["get", "b"], ["list"], ["verify"], ["gc", "--dry-run"]])
    func `JSON carries its schema`(arguments: [String]) async throws {
        let home = try TemporaryDirectory()
        try home.write("alpha", to: "in/a.txt")
        let dtci = DTCIBinary(in: home.url)
        #expect(try await dtci.run("artifacts", "put", "b", "in").exitCode == 0)
        let output = try await dtci.run(["artifacts"] + arguments + ["--json"])
        let answer = try #require(
            JSONSerialization.jsonObject(with: Data(output.standardOutput.utf8)) as? [String: Any])
        let schema = arguments[0] == "list" ? "dt-ci/artifacts/v1" : "dt-ci/artifacts-\(arguments[0])/v1"
        #expect(answer["schema"] as? String == schema)
    }
}
