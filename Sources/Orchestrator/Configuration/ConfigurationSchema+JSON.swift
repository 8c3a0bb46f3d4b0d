package import CICore

extension ConfigurationSchema {
    /// The JSON Schema (draft 2020-12) of `dt-ci.yml`, indented, for editors.
    package static func json(runners: [RunnerID]) -> [UInt8] {
        var writer = JSONWriter()
        writer.object { writer in
            writer.member("$schema", "https://json-schema.org/draft/2020-12/schema")
            writer.member("title", Configuration.fileName)
            write(RootKeys.section, runners: runners, &writer)
            writer.key("$defs")
            writer.object { writer in
                for section in sections.dropFirst() {
                    writer.key(dynamic: section.name)
                    writer.object { write(section, runners: runners, &$0) }
                }
            }
        }
        return JSONText.indented(writer.bytes)
    }

    private static func write(_ section: Section, runners: [RunnerID], _ writer: inout JSONWriter) {
        writer.member("type", "object")
        writer.key("properties")
        writer.object { writer in
            for key in section.keys {
                writer.key(dynamic: key.name)
                let isRunner = section.name == SuiteKeys.section.name && key.name == SuiteKeys.runner.name
                write(key, as: isRunner ? .word(runners.map(\.rawValue)) : key.type, &writer)
            }
        }
        writer.key("required")
        writer.array(section.keys.filter(\.isRequired)) { $0.value($1.name) }
        writer.member("additionalProperties", false)
    }

    private static func write(_ key: any AnyKey, as type: SchemaType, _ writer: inout JSONWriter) {
        writer.object { writer in
            writer.member("description", key.summary)
            type.write(&writer)
            guard let value = key.shownDefault, case .text(let text) = value, !text.isEmpty, !key.isRequired else {
                return
            }
            writer.key("default")
            type.write(default: text, &writer)
        }
    }
}

extension SchemaType {
    fileprivate func write(_ writer: inout JSONWriter) {
        switch self {
        case .text(let pattern):
            writer.member("type", "string")
            if let pattern { writer.member("pattern", pattern) }
        case .word(let words):
            writer.key("enum")
            writer.array(words) { $0.value($1) }
        case .integer(let minimum, let maximum):
            writer.member("type", "integer")
            writer.member("minimum", minimum)
            guard let maximum else { return }
            writer.member("maximum", maximum)
        case .number:
            writer.member("type", "number")
            writer.member("minimum", 0)
        case .boolean: writer.member("type", "boolean")
        case .constant(let number):
            writer.member("const", number)
        case .list(let element):
            writer.member("type", "array")
            writer.key("items")
            writer.object { element.write(&$0) }
        case .textMap:
            writer.member("type", "object")
            writer.key("additionalProperties")
            writer.object { writer in
                writer.key("type")
                writer.array(["string", "number", "boolean", "null"]) { $0.value($1) }
            }
        case .mapping(let element):
            writer.member("type", "object")
            writer.key("additionalProperties")
            writer.object { element.write(&$0) }
        case .either(let types):
            writer.key("anyOf")
            writer.array(types) { writer, type in writer.object { type.write(&$0) } }
        case .section(let name): writer.member("$ref", "#/$defs/\(name)")
        }
    }

    /// As the number or flag it is, where the type allows one.
    fileprivate func write(default text: String, _ writer: inout JSONWriter) {
        if let number = Int(text), accepts({ if case .integer = $0 { true } else { false } }) {
            return writer.value(number)
        }
        if ["true", "false"].contains(text), accepts({ $0 == .boolean }) { return writer.value(text == "true") }
        writer.value(text)
    }

    private func accepts(_ isWanted: (SchemaType) -> Bool) -> Bool {
        if case .either(let types) = self { return types.contains(where: isWanted) }
        return isWanted(self)
    }
}
