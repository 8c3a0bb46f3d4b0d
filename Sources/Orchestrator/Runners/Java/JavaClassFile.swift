/// What discovery needs of a compiled Java class: names, methods and the annotations that are kept at run time
/// (Java Virtual Machine Specification, chapter 4).
struct JavaClassFile {
    /// With dots, and `$` before nested classes.
    private(set) var name = ""
    private(set) var superName = ""
    private(set) var interfaces: [String] = []
    /// With dots.
    private(set) var annotations: [String] = []
    private(set) var methods: [Method] = []
    private var access: UInt16 = 0

    /// A method of the class.
    struct Method {
        var name: String
        /// As the class file has it, such as `(Ljava/lang/String;I)V`.
        var descriptor: String
        /// With dots.
        var annotations: [String]
        var isPrivate: Bool
    }

    var isAnnotation: Bool { access & 0x2000 != 0 }
    /// Interfaces are abstract too.
    var isAbstract: Bool { access & 0x0400 != 0 }

    /// `nil` for bytes that are no class file.
    init?(_ bytes: [UInt8]) {
        var reader = JavaClassReader(bytes)
        do {
            guard try reader.u4() == 0xCAFE_BABE else { return nil }
            _ = try reader.u4()  // versions
            let pool = try JavaConstantPool(&reader)
            access = try reader.u2()
            name = pool.className(at: try reader.u2())
            superName = pool.className(at: try reader.u2())
            for _ in 0..<(try reader.u2()) { interfaces.append(pool.className(at: try reader.u2())) }
            for _ in 0..<(try reader.u2()) { _ = try Self.member(&reader, pool) }
            for _ in 0..<(try reader.u2()) { methods.append(try Self.member(&reader, pool)) }
            annotations = try Self.annotations(&reader, pool)
        } catch {
            return nil
        }
    }

    private static func member(_ reader: inout JavaClassReader, _ pool: JavaConstantPool) throws(Truncated) -> Method {
        let access = try reader.u2()
        let name = pool.text(at: try reader.u2())
        let descriptor = pool.text(at: try reader.u2())
        return Method(
            name: name, descriptor: descriptor, annotations: try annotations(&reader, pool),
            isPrivate: access & 0x0002 != 0)
    }

    private static func annotations(
        _ reader: inout JavaClassReader, _ pool: JavaConstantPool
    ) throws(Truncated) -> [String] {
        var found: [String] = []
        for _ in 0..<(try reader.u2()) {
            let attribute = pool.text(at: try reader.u2())
            let end = reader.offset + Int(try reader.u4()) + 4
            if attribute == "RuntimeVisibleAnnotations" {
                for _ in 0..<(try reader.u2()) { found.append(try annotation(&reader, pool)) }
            }
            try reader.jump(to: end)
        }
        return found
    }

    private static func annotation(
        _ reader: inout JavaClassReader, _ pool: JavaConstantPool
    ) throws(Truncated) -> String {
        let type = pool.text(at: try reader.u2())
        for _ in 0..<(try reader.u2()) {
            _ = try reader.u2()
            try skipElement(&reader, pool, depth: 0)
        }
        return JavaTypeName.dotted(type.dropFirst().dropLast())
    }

    private static func skipElement(
        _ reader: inout JavaClassReader, _ pool: JavaConstantPool, depth: Int
    ) throws(Truncated) {
        guard depth < 64 else { throw Truncated() }
        switch try reader.u1() {
        case UInt8(ascii: "e"): _ = try reader.u4()
        case UInt8(ascii: "@"):
            _ = try reader.u2()
            for _ in 0..<(try reader.u2()) {
                _ = try reader.u2()
                try skipElement(&reader, pool, depth: depth + 1)
            }
        case UInt8(ascii: "["):
            for _ in 0..<(try reader.u2()) { try skipElement(&reader, pool, depth: depth + 1) }
        default: _ = try reader.u2()
        }
    }

    /// The bytes ended too early.
    struct Truncated: Error {}
}

/// Reads big-endian numbers, and never past the end.
struct JavaClassReader {
    private let bytes: [UInt8]
    private(set) var offset = 0

    init(_ bytes: [UInt8]) { self.bytes = bytes }

    mutating func u1() throws(JavaClassFile.Truncated) -> UInt8 {
        guard offset < bytes.count else { throw JavaClassFile.Truncated() }
        defer { offset += 1 }
        return bytes[offset]
    }

    mutating func u2() throws(JavaClassFile.Truncated) -> UInt16 { UInt16(try u1()) << 8 | UInt16(try u1()) }

    mutating func u4() throws(JavaClassFile.Truncated) -> UInt32 { UInt32(try u2()) << 16 | UInt32(try u2()) }

    mutating func text(_ count: Int) throws(JavaClassFile.Truncated) -> String {
        let start = offset
        try jump(to: offset + count)
        return String(decoding: bytes[start..<offset], as: UTF8.self)
    }

    mutating func jump(to end: Int) throws(JavaClassFile.Truncated) {
        guard end >= offset, end <= bytes.count else { throw JavaClassFile.Truncated() }
        offset = end
    }
}

/// The texts and class names of a class file.
struct JavaConstantPool {
    private var texts: [Int: String] = [:]
    private var classes: [Int: Int] = [:]

    init(_ reader: inout JavaClassReader) throws(JavaClassFile.Truncated) {
        let count = Int(try reader.u2())
        var index = 1
        while index < count {
            let tag = try reader.u1()
            switch tag {
            case 1: texts[index] = try reader.text(Int(try reader.u2()))
            case 7: classes[index] = Int(try reader.u2())
            case 8, 16, 19, 20: _ = try reader.u2()
            case 15:
                _ = try reader.u1()
                _ = try reader.u2()
            case 3, 4, 9, 10, 11, 12, 17, 18: _ = try reader.u4()
            case 5, 6:
                _ = try reader.u4()
                _ = try reader.u4()
                index += 1  // a long or double takes two places
            default: throw JavaClassFile.Truncated()
            }
            index += 1
        }
    }

    /// Empty where there is none.
    func text(at index: UInt16) -> String { texts[Int(index)] ?? "" }

    /// With dots; empty where there is none.
    func className(at index: UInt16) -> String {
        JavaTypeName.dotted(classes[Int(index)].flatMap { texts[$0] } ?? "")
    }
}
