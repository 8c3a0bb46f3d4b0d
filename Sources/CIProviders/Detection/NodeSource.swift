/// A place that may tell which of a job's machines this is.
///
/// CI services tell it in their own tables; the others here stand beside any service, since a job may start Slurm tasks
/// or pods, and also work on machines of no service.
package struct NodeSource: Sendable {
    /// As people call it.
    package let title: String
    /// The variables that it reads, for documentation.
    package let variables: [String]
    let read: @Sendable (FactSheet) -> NodeReading?

    /// Every source there is beside the services' own, best first.
    package static let all: [NodeSource] = [.convention, .slurmArray, .slurmStep, .kubernetes]
}

/// What a source says of this machine's place.
struct NodeReading: Sendable {
    /// A number with the variable it stands in.
    typealias Number = (value: Int, source: String)

    /// 0-based.
    var index: Number?
    var total: Number?
    /// What is wrong with it.
    var warning: String?

    /// Whether it tells of more than the one machine that every job has.
    fileprivate var tellsOfSeveral: Bool { total.map { $0.value > 1 } ?? (index != nil) }
}

extension NodeSource {
    /// What Heroku, Cirrus and Knapsack set, and users on services without such variables: counted from 0.
    static let convention = NodeSource(
        title: "any service that has no variables of its own", variables: ["CI_NODE_INDEX", "CI_NODE_TOTAL"]
    ) { sheet in
        // GitLab's variables of the same names count from 1.
        guard sheet["GITLAB_CI"] == nil else { return nil }
        return .numbers(sheet, ["CI_NODE_INDEX"], ["CI_NODE_TOTAL"])
    }

    /// `sbatch --array=10-30:10`: tasks 10, 20 and 30 are the machines 0, 1 and 2.
    static let slurmArray = NodeSource(
        title: "Slurm job array",
        variables: ["SLURM_ARRAY_TASK_ID", "SLURM_ARRAY_TASK_MIN", "SLURM_ARRAY_TASK_STEP", "SLURM_ARRAY_TASK_COUNT"]
    ) { sheet in
        guard let id = sheet.number("SLURM_ARRAY_TASK_ID"), let count = sheet.number("SLURM_ARRAY_TASK_COUNT") else {
            return nil
        }
        let first = sheet.number("SLURM_ARRAY_TASK_MIN")?.value ?? 0
        let step = max(1, sheet.number("SLURM_ARRAY_TASK_STEP")?.value ?? 1)
        let last = sheet.number("SLURM_ARRAY_TASK_MAX")?.value
        let offset = id.value.subtractingReportingOverflow(first).partialValue
        let isRegular = offset % step == 0 && (last.map { ($0 &- first) / step + 1 == count.value } ?? true)
        guard isRegular else {
            // In `--array=0,3,7` the variables do not tell which of the three this is.
            return NodeReading(
                total: count,
                warning: "the tasks of this Slurm array are not evenly spaced: set DTCI_NODE_INDEX in each")
        }
        return NodeReading(index: (offset / step, id.source), total: count)
    }

    /// A task that `srun` started. A batch script has `SLURM_PROCID=0` as well, but runs alone.
    static let slurmStep = NodeSource(
        title: "Slurm step", variables: ["SLURM_PROCID", "SLURM_STEP_NUM_TASKS", "SLURM_NTASKS"]
    ) { sheet in
        guard sheet["SLURM_STEP_ID"] != nil else { return nil }
        return .numbers(sheet, ["SLURM_PROCID"], ["SLURM_STEP_NUM_TASKS", "SLURM_NTASKS"])
    }

    /// A pod of a Job with `completionMode: Indexed`, of whose number of pods no variable tells.
    static let kubernetes = NodeSource(
        title: "Kubernetes Indexed Job", variables: ["JOB_COMPLETION_INDEX", "DTCI_NODE_TOTAL"]
    ) { sheet in
        let totals = ["DTCI_NODE_TOTAL"] + (sheet["GITLAB_CI"] == nil ? ["CI_NODE_TOTAL"] : [])
        guard var reading = NodeReading.numbers(sheet, ["JOB_COMPLETION_INDEX"], totals), reading.index != nil else {
            return nil
        }
        if reading.total == nil {
            reading.warning = "JOB_COMPLETION_INDEX tells no total: set DTCI_NODE_TOTAL to the Job's completions"
        }
        return reading
    }
}

extension NodeReading {
    /// The first number of each list; `nil` if there is none.
    fileprivate static func numbers(_ sheet: FactSheet, _ index: [String], _ total: [String]) -> Self? {
        let index = index.lazy.compactMap { sheet.number($0) }.first
        let total = total.lazy.compactMap { sheet.number($0) }.first { $0.value >= 1 }
        return index == nil && total == nil ? nil : NodeReading(index: index, total: total)
    }

    /// A table's facts.
    fileprivate init?(_ sheet: FactSheet, _ service: CIService) {
        let parts = [Fact.nodeIndex, .nodeTotal].map { fact -> Number? in
            guard let (text, source) = sheet.first(of: service.facts[fact] ?? []) else { return nil }
            return Int(text).map { ($0, source) }
        }
        guard parts[0] != nil || parts[1] != nil else { return nil }
        index = parts[0]
        total = parts[1].flatMap { $0.value >= 1 ? $0 : nil }
    }
}

extension FactSheet {
    fileprivate func number(_ variable: String) -> NodeReading.Number? {
        self[variable].flatMap { Int($0) }.map { ($0, variable) }
    }

    /// Takes this machine's place from the first source that tells of several machines, else of one: users' overrides,
    /// the service's own, the others. Index and total never come of different sources.
    mutating func settleNode(of service: CIService) {
        let own = NodeReading(self, service)
        let ownVariables = (service.facts[.nodeIndex] ?? []).map(\.variable)
        let others = NodeSource.all.filter { !ownVariables.contains($0.variables[0]) }.compactMap { $0.read(self) }
        let readings = [own].compactMap(\.self) + others
        var chosen =
            readings.first { $0.tellsOfSeveral && $0.index != nil } ?? readings.first(where: \.tellsOfSeveral)
            ?? readings.first
        if let index = number("DTCI_NODE_INDEX") {
            chosen = NodeReading(index: index, total: number("DTCI_NODE_TOTAL") ?? chosen?.total)
        } else if let total = number("DTCI_NODE_TOTAL") {
            chosen = NodeReading(index: chosen?.index, total: total)
        }
        guard let chosen else { return }
        if let warning = chosen.warning { warn(warning) }
        set(.nodeTotal, chosen.total.map { String($0.value) }, from: chosen.total?.source ?? "")
        guard let index = chosen.index else { return }
        guard index.value >= 0, index.value < chosen.total?.value ?? .max else {
            let total = chosen.total.map { " of \($0.value)" } ?? ""
            return warn(
                "\(index.source) names the machine with index \(index.value)\(total), which there is not; "
                    + "it was passed over")
        }
        set(.nodeIndex, String(index.value), from: index.source)
    }
}
