import CICore
import Crypto

/// The content address of a plan.
///
/// It covers everything but the id itself and the order of the units within a batch: two plans with the same id run
/// the same units in the same batches, in the same order of batches, on the same nodes.
enum PlanDigest {
    /// SHA-256 over every field, each text led by its length, numbers as 8 bytes little-endian.
    static func id(of plan: Plan) -> String {
        var digest = FieldDigest()
        digest.add("dt-ci/plan/v1")
        digest.add(plan.nodes.count)
        for node in plan.nodes { add(node, to: &digest) }
        digest.add(plan.makespan.microseconds)
        digest.add(plan.lowerBound.microseconds)
        digest.add(plan.unsatisfiable.count)
        for unit in plan.unsatisfiable {
            for text in [unit.unit.rawValue, unit.requirement, unit.reason] { digest.add(text) }
        }
        for text in [plan.inputs.commit, plan.inputs.inventory, plan.inputs.history, plan.inputs.configuration] {
            digest.add(text)
        }
        return digest.finish()
    }

    private static func add(_ node: PlannedNode, to digest: inout FieldDigest) {
        digest.add(node.index)
        digest.add(node.hardware.rawValue)
        digest.add(node.slots)
        digest.add(node.estimate.microseconds)
        digest.add(node.batches.count)
        for batch in node.batches {
            digest.add(batch.id.rawValue)
            digest.add(batch.suite.rawValue)
            digest.add(batch.estimate.microseconds)
            digest.add(batch.isSerial ? 1 : 0)
            digest.add(batch.after.count)
            for id in batch.after { digest.add(id.rawValue) }
            if let requirement = batch.requirement { digest.add(requirement) }
            // Without claims as before there were any.
            for claim in batch.exclusive {
                digest.add(claim.name)
                digest.add(claim.count)
                digest.add(claim.capacity)
            }
            digest.add(batch.units.count)
            let texts = TextArena(batch.units.lazy.map(\.rawValue))
            let ranking = ByteOrder.ranking(of: texts)
            texts.withTexts { texts in
                for position in ranking { digest.add(texts[Int(position)]) }
            }
        }
    }
}

/// SHA-256 over a sequence of fields, buffered.
struct FieldDigest {
    private var hash = SHA256()
    private var buffer: [UInt8] = []
    private static let capacity = 64 << 10

    init() { buffer.reserveCapacity(Self.capacity) }

    mutating func add(_ number: some FixedWidthInteger) {
        withUnsafeBytes(of: Int64(truncatingIfNeeded: number).littleEndian) { buffer.append(contentsOf: $0) }
        if buffer.count >= Self.capacity { flush() }
    }

    /// An absent text differs from an empty one.
    mutating func add(_ text: String?) {
        guard let text else { return add(-1) }
        add(text.utf8.count)
        buffer.append(contentsOf: text.utf8)
    }

    /// A text with its name; nothing where there is no text.
    mutating func addIfPresent(_ text: String?, after name: String) {
        guard let text else { return }
        add(name)
        add(text)
    }

    /// As the text of these bytes.
    mutating func add(_ text: UnsafeRawBufferPointer) {
        add(text.count)
        buffer.append(contentsOf: text)
    }

    /// 64 hexadecimal digits.
    mutating func finish() -> String {
        flush()
        let digits = Array("0123456789abcdef".utf8)
        let text = hash.finalize().flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] }
        return String(decoding: text, as: UTF8.self)
    }

    private mutating func flush() {
        buffer.withUnsafeBytes { hash.update(bufferPointer: $0) }
        buffer.removeAll(keepingCapacity: true)
    }
}
