import Artifacts
import CICore
import CIProviders
import Orchestrator
import Reporting
import SystemPackage
import TestHistory

/// Finds the run that this one is compared with: the one in the file that was named, else the history's.
struct BaselineSearch {
    let choice: Configuration.Storage.Comparison
    let surroundings: Surroundings
    let root: FilePath

    /// What was found; a baseline that was asked for and is not there is said.
    enum Finding {
        case baseline(Baseline)
        /// There is nothing to compare with, and why, as one sentence without a full stop.
        case none(String)
    }

    /// Looks for it; `history` is asked before this run is recorded in it.
    ///
    /// Where the history has none, as in a job that starts from nothing each time, the memory at a place is asked, and our own
    /// comment on the pull request.
    func find(
        in history: (any HistoryStore)?, source: HistoricalRun.Source, memory: RunMemory?, publication: RunPublication?
    ) async -> Finding {
        switch choice {
        case .none: return .none("no comparison was asked for")
        case .file(let path): return read(path)
        case .auto: break
        }
        let found = await search(history, source: source, context: publication?.context)
        guard case .none(var reason) = found else { return found }
        for ask in [{ await memory?.recall(source) }, { await publication?.remembered() }] {
            switch await ask() {
            case .baseline(let baseline)?: return .baseline(baseline)
            case .none(let other)?: reason += ", and \(other)"
            case nil: break
            }
        }
        return .none(reason)
    }

    private func search(
        _ history: (any HistoryStore)?, source: HistoricalRun.Source, context: BuildContext?
    ) async -> Finding {
        guard let history else { return .none("there is no history to compare with") }
        let target = context?.pullRequest?.target
        var query = BaselineQuery(branch: target ?? source.branch, commit: source.commit)
        if let target { query.mergeBase = await mergeBase(with: target) }
        do throws(HistoryError) {
            if let baseline = try history.baseline(query) { return .baseline(baseline) }
        } catch {
            return .none("nothing to compare with: \(error)")
        }
        let of = query.branch.map { " of \(SafeText.line($0, limit: 100))" } ?? ""
        return .none("nothing to compare with: the history has no complete run\(of)")
    }

    private func mergeBase(with target: String) async -> String? {
        let copy = WorkingCopy(root: root, environment: surroundings.environment)
        for reference in ["refs/remotes/origin/\(target)", "refs/heads/\(target)"] {
            if let base = await copy.mergeBase(with: reference) { return base }
        }
        return nil
    }

    private func read(_ path: FilePath) -> Finding {
        do {
            let bytes = try surroundings.files.contents(of: path, limit: 1 << 30)
            return .baseline(try bytes.withUnsafeBufferPointer { try StateV1.read($0) })
        } catch let error as ResultsError {
            return .none("nothing to compare with: \(path) \(error)")
        } catch {
            return .none("nothing to compare with: \(error)")
        }
    }
}
