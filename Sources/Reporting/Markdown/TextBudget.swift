/// How long a text may be: forges count in characters, in bytes, or in both.
package struct TextBudget: Sendable, Hashable {
    /// Unicode scalars.
    package var scalars: Int
    /// Of UTF-8.
    package var bytes: Int

    package init(scalars: Int, bytes: Int) {
        self.scalars = scalars
        self.bytes = bytes
    }

    /// What a text takes.
    package init(_ text: String) {
        scalars = text.unicodeScalars.count
        bytes = text.utf8.count
    }

    /// Whether what `other` takes is there.
    package func holds(_ other: Self) -> Bool { other.scalars <= scalars && other.bytes <= bytes }

    package static func - (left: Self, right: Self) -> Self {
        Self(scalars: left.scalars - right.scalars, bytes: left.bytes - right.bytes)
    }

    package static func + (left: Self, right: Self) -> Self {
        Self(scalars: left.scalars + right.scalars, bytes: left.bytes + right.bytes)
    }

    /// So many times as much.
    func multiplied(by factor: Int) -> Self { Self(scalars: scalars * factor, bytes: bytes * factor) }

    /// A part of it.
    package func divided(by parts: Int) -> Self { Self(scalars: scalars / parts, bytes: bytes / parts) }
}
