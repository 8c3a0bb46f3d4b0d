import CICore

extension Detection {
    /// The facts that are known, aligned, each with what decided it; ends with a line feed.
    package var text: String {
        let head = [(name: "fact", value: "value", source: "decided by")]
        let rows =
            head
            + Fact.allCases.compactMap { fact in
                decidedBy[fact].map { (name: fact.rawValue, value: context.text(of: fact), source: $0) }
            }
        let nameWidth = rows.map(\.name.count).max() ?? 0
        let valueWidth = min(60, rows.map(\.value.count).max() ?? 0)
        return rows.map { row in
            let name = row.name + String(repeating: " ", count: nameWidth - row.name.count)
            let value = row.value + String(repeating: " ", count: max(0, valueWidth - row.value.count))
            return "\(name)  \(value)  \(row.source)\n"
        }.joined()
    }

    /// A document of `dt-ci/context/v1`, indented.
    package var json: String {
        var writer = JSONWriter()
        writer.object { writer in
            writer.member("schema", "dt-ci/context/v1")
            context.write(&writer)
            writer.key("decidedBy")
            writer.object { writer in
                for fact in Fact.allCases {
                    guard let source = decidedBy[fact] else { continue }
                    writer.key(dynamic: fact.rawValue)
                    writer.value(source)
                }
            }
            writer.key("candidates")
            writer.array(candidates) { $0.value($1) }
            writer.key("warnings")
            writer.array(warnings) { $0.value($1) }
        }
        return String(decoding: JSONText.indented(writer.bytes), as: UTF8.self)
    }
}

extension BuildContext {
    /// A fact as people read it; empty where it is unknown.
    package func text(of fact: Fact) -> String {
        let value: String? =
            switch fact {
            case .service: service
            case .simulator: simulator
            case .commit: source.commit
            case .mergeCommit: source.mergeCommit
            case .branch: source.branch
            case .tag: source.tag
            case .pullRequestNumber: pullRequest.map { String($0.number) }
            case .pullRequestTarget: pullRequest?.target
            case .pullRequestFork: pullRequest?.isFork.map { $0 ? "yes" : "no" }
            case .slug: repository.slug
            case .forge: repository.forge
            case .host: repository.host
            case .defaultBranch: repository.defaultBranch
            case .runID: execution.run.id
            case .runAttempt: execution.run.attempt.map(String.init)
            case .runNumber: execution.run.number
            case .runURL: execution.run.url
            case .jobID: execution.job.id
            case .jobName: execution.job.name
            case .jobURL: execution.job.url
            case .nodeIndex: execution.node.index.map(String.init)
            case .nodeTotal: execution.node.total.map(String.init)
            case .actor: actor
            }
        return value ?? ""
    }

    fileprivate func write(_ writer: inout JSONWriter) {
        writer.member("service", service)
        writer.member("simulator", simulator)
        writer.key("commit")
        writer.texts(("sha", source.commit), ("mergeSHA", source.mergeCommit))
        writer.member("branch", source.branch)
        writer.member("tag", source.tag)
        writer.key("pullRequest")
        write(pullRequest, &writer)
        writer.key("repository")
        writer.texts(
            ("slug", repository.slug), ("forge", repository.forge), ("host", repository.host),
            ("defaultBranch", repository.defaultBranch))
        writer.key("run")
        writer.object { writer in
            writer.member("id", execution.run.id)
            writer.member("attempt", execution.run.attempt)
            writer.member("number", execution.run.number)
            writer.member("url", execution.run.url)
        }
        writer.key("job")
        writer.texts(("id", execution.job.id), ("name", execution.job.name), ("url", execution.job.url))
        writer.key("node")
        writer.object { writer in
            writer.member("index", execution.node.index)
            writer.member("total", execution.node.total)
        }
        writer.member("actor", actor)
    }

    private func write(_ pullRequest: PullRequest?, _ writer: inout JSONWriter) {
        guard let pullRequest else { return writer.null() }
        writer.object { writer in
            writer.member("number", pullRequest.number)
            writer.member("target", pullRequest.target)
            writer.member("fork", pullRequest.isFork)
        }
    }
}

extension JSONWriter {
    /// An object of texts, `null` for what is unknown.
    fileprivate mutating func texts(_ members: (StaticString, String?)...) {
        object { writer in
            for (name, text) in members {
                writer.key(name)
                writer.value(text)
            }
        }
    }
}
