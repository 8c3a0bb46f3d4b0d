/// A variable that gives a CI service away.
struct ServiceMark: Sendable, ExpressibleByStringLiteral {
    let variable: String
    /// The values that mean "yes", in lower case; empty = any value but none.
    let values: [String]
    /// Variables of which one must be set as well; empty = the mark is enough.
    let witnesses: [String]
    /// Variables that, if they are true, give another service away.
    let rivals: [String]

    init(_ variable: String, _ values: [String] = [], with witnesses: [String] = [], without rivals: [String] = []) {
        self.variable = variable
        self.values = values
        self.witnesses = witnesses
        self.rivals = rivals
    }

    /// Any value of a variable.
    init(stringLiteral variable: String) { self.init(variable) }

    /// Whether the environment has it.
    func isPresent(in sheet: FactSheet) -> Bool {
        guard let value = sheet.environment[variable], !value.isEmpty else { return false }
        return (values.isEmpty || values.contains(value.lowercased()))
            && (witnesses.isEmpty || witnesses.contains { sheet[$0] != nil })
            && !rivals.contains { rival in sheet[rival].map { $0.lowercased() != "false" } ?? false }
    }
}
