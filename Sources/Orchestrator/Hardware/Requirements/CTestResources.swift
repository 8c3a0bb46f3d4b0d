/// What CTest's `RESOURCE_GROUPS` of one test, such as `2,gpus:2`, ask of a machine.
///
/// A group's slots are shares of one device that several groups may have in common, so that they tell only that there must
/// be one.
package struct CTestResources: Sendable, Hashable {
    /// Kinds of devices, as the resource specification calls them, without doubles.
    package let kinds: [String]

    package init(_ groups: [String]) {
        let kinds = groups.flatMap { group in
            group.split(separator: ",").compactMap { part -> String? in
                let words = part.split(separator: ":")
                // A number alone says how many such groups there are.
                guard words.count == 2 else { return nil }
                return String(words[0])
            }
        }
        self.kinds = Set(kinds).sorted()
    }

    /// Kinds that dt-ci knows; others are labels of the node. `nil` where nothing is asked for.
    package var requirement: Requirement? {
        Requirement(
            all: kinds.compactMap { kind in
                switch kind.lowercased() {
                // Every machine has some; how many a test takes is for CTest's own PROCESSORS.
                case "cpu", "cpus", "cores": nil
                case "gpu", "gpus", "cuda", "cuda_gpus", "cards":
                    Requirement(.comparison(.init(fact: .gpu, relation: .atLeast, value: .count(1))))
                case "npu", "npus": Requirement(.comparison(.init(fact: .npu, relation: .atLeast, value: .count(1))))
                case "tpu", "tpus": Requirement(.comparison(.init(fact: .tpu, relation: .atLeast, value: .count(1))))
                default: Requirement(.comparison(.init(fact: .label, relation: .equal, value: .word(kind))))
                }
            })
    }
}
