import CICore

extension JSONWriter {
    /// `"name": "text"`; nothing where there is no text.
    mutating func present(_ name: StaticString, _ text: String?) {
        guard let text else { return }
        key(name)
        value(text)
    }

    /// `"name": number`; nothing where there is no number.
    mutating func present(_ name: StaticString, _ number: Int?) {
        guard let number else { return }
        key(name)
        value(number)
    }
}
