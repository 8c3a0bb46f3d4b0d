/// A gzip stream that unpacks to zeros, a thousand and more for every eight bits of it.
enum DeflateBomb {
    /// Unpacks to about `size` bytes; it has no end and no checksum, since nobody is to read so far.
    static func gzip(_ size: Int) -> [UInt8] {
        var writer = BitWriter(bytes: [0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 255])
        // RFC 1951, 3.2.6: the last block, with fixed codes, and a literal zero.
        writer.write(0b1, 1)
        writer.write(0b01, 2)
        writer.writeCode(0b0011_0000, 8)
        // Length 258 is symbol 285, distance 1 is symbol 0: thirteen bits, so that every thirteen bytes are the same.
        for _ in 0..<24 {
            writer.writeCode(0b1100_0101, 8)
            writer.writeCode(0b00000, 5)
        }
        let period = writer.bytes[12..<25]
        return Array(writer.bytes[..<12]) + [[UInt8]](repeating: Array(period), count: size / 258 / 8).joined()
    }

    private struct BitWriter {
        var bytes: [UInt8]
        var used = 8

        /// Least significant bit first.
        mutating func write(_ value: Int, _ count: Int) {
            for index in 0..<count {
                if used == 8 {
                    bytes.append(0)
                    used = 0
                }
                bytes[bytes.count - 1] |= UInt8(value >> index & 1) << used
                used += 1
            }
        }

        /// A Huffman code: most significant bit first.
        mutating func writeCode(_ code: Int, _ count: Int) {
            for index in (0..<count).reversed() { write(code >> index, 1) }
        }
    }
}
