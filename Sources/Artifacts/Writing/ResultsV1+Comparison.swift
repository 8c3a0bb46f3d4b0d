import CICore

/// The member `comparison` of results; `null` where there was nothing to compare with.
extension ResultsV1 {
    static func write(_ comparison: Comparison, to writer: inout JSONWriter) {
        writer.object { writer in
            writer.key("baseline")
            writer.object { writer in
                writer.member("choice", comparison.point.choice.rawValue)
                writer.member("commit", comparison.point.commit)
                writer.member("branch", comparison.point.branch)
                writer.member("at", Timestamp.text(comparison.point.at))
            }
            writer.key("newFailures")
            writer.array(comparison.newFailures.sorted()) { $0.value($1.rawValue) }
            writer.key("stillFailing")
            writer.array(comparison.stillFailing.sorted { $0.key < $1.key }) { writer, entry in
                writer.object { writer in
                    writer.member("id", entry.key.rawValue)
                    writer.member("sinceCommit", entry.value.commit)
                    writer.member("since", Timestamp.text(entry.value.at))
                    writer.member("runs", entry.value.runs)
                }
            }
            let lists: [(StaticString, [TestID])] = [
                ("fixed", comparison.fixed), ("newlySkipped", comparison.newlySkipped), ("removed", comparison.removed),
            ]
            for (name, tests) in lists {
                writer.key(name)
                writer.array(tests) { $0.value($1.rawValue) }
            }
            writer.key("slower")
            writer.array(comparison.slower) { writer, slower in
                writer.object { writer in
                    writer.member("id", slower.test.rawValue)
                    writer.member("before", slower.before)
                    writer.member("seconds", slower.now)
                }
            }
        }
    }

    static func comparison(_ json: JSONValue) -> Comparison? {
        guard let baseline = json["baseline"], let at = Timestamp.date(baseline["at"]?.string) else { return nil }
        let choice = baseline["choice"]?.string.flatMap(Baseline.Choice.init) ?? .branch
        var comparison = Comparison(
            point: .init(choice: choice, commit: baseline["commit"]?.string, branch: baseline["branch"]?.string, at: at)
        )
        func tests(_ key: String) -> [TestID] { json[key]?.array.compactMap { $0.string.map { TestID($0) } } ?? [] }
        comparison.newFailures = Set(tests("newFailures"))
        comparison.fixed = tests("fixed")
        comparison.newlySkipped = tests("newlySkipped")
        comparison.removed = tests("removed")
        for entry in json["stillFailing"]?.array ?? [] {
            guard let id = entry["id"]?.string, let since = Timestamp.date(entry["since"]?.string) else { continue }
            comparison.stillFailing[TestID(id)] = Baseline.Standing(
                commit: entry["sinceCommit"]?.string, at: since, runs: max(1, entry["runs"]?.int ?? 1))
        }
        comparison.slower = (json["slower"]?.array ?? []).compactMap { entry in
            guard let id = entry["id"]?.string else { return nil }
            return .init(test: TestID(id), before: duration(entry["before"]), now: duration(entry["seconds"]))
        }
        return comparison
    }
}
