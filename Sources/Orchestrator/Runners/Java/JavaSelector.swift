/// A Java test class or method, in the module that it is built in: `demo.CalcTest#rows(int)` or `core:demo.CalcTest`.
struct JavaSelector: Hashable {
    /// The directory of the module, relative to the suite's; empty for the suite's own.
    var module: String
    /// With dots, and `$` before nested classes.
    var className: String
    /// With parameter types where there are any; `nil` = the whole class.
    var method: String?

    init(module: String = "", className: String, method: String? = nil) {
        self.module = module
        self.className = className
        self.method = method
    }

    init(_ text: String) {
        let hash = text.firstIndex(of: "#")
        let head = text[..<(hash ?? text.endIndex)]
        method = hash.map { String(text[text.index(after: $0)...]) }
        let colon = head.lastIndex(of: ":")
        module = colon.map { String(head[..<$0]) } ?? ""
        className = String(colon.map { head[head.index(after: $0)...] } ?? head)
    }

    var text: String { container + (method.map { "#\($0)" } ?? "") }

    /// The selector without the method.
    var container: String { module.isEmpty ? className : "\(module):\(className)" }

    /// The method's name without its parameter types.
    var methodName: String? { method.map { String($0.prefix { $0 != "(" }) } }
}
