import CICore

/// Every effective value with where it came from, for `dt-ci config show`.
package struct SettingsListing: Sendable {
    private let rows: [Row]

    private struct Row {
        let key: String
        let value: ShownValue
        let origin: Origin
    }

    package init(_ loaded: LoadedConfiguration) {
        let root = loaded.settings
        let nested = [
            RootKeys.suites.name, RootKeys.run.name, RootKeys.fanOut.name, RootKeys.hardware.name,
            RootKeys.report.name, RootKeys.publish.name, RootKeys.badge.name, RootKeys.forge.name,
        ]
        var rows = Self.rows(of: root, prefix: "", leaving: nested)
        rows += Self.rows(of: root[RootKeys.run] ?? Settings(RunKeys.section), prefix: "run.", leaving: [])
        rows += Self.fanOutRows(of: root[RootKeys.fanOut] ?? Settings(FanOutKeys.section))
        rows += Self.rows(
            of: root[RootKeys.hardware] ?? Settings(HardwareKeys.section), prefix: "hardware.", leaving: [])
        rows += Self.rows(
            of: root[RootKeys.publish] ?? Settings(PublishKeys.all), prefix: "publish.", leaving: [])
        rows += Self.badgeRows(of: root[RootKeys.badge] ?? Settings(BadgeKeys.section))
        rows += Self.rows(of: root[RootKeys.report] ?? Settings(ReportKeys.section), prefix: "report.", leaving: [])
        rows += Self.rows(of: root[RootKeys.forge] ?? Settings(ForgeKeys.section), prefix: "forge.", leaving: [])
        let kept = Set(loaded.configuration.suites.map(\.name.rawValue))
        for suite in root[RootKeys.suites] ?? [] {
            guard let name = suite[SuiteKeys.name], kept.contains(name) else { continue }
            let prefix = "suites[\(name)]."
            rows += Self.rows(of: suite, prefix: prefix, leaving: [SuiteKeys.name.name, ConditionKeys.rules.name])
            for (index, rule) in (suite[ConditionKeys.rules] ?? []).enumerated() {
                rows += Self.rows(of: rule, prefix: "\(prefix)rules[\(index)].", leaving: [])
            }
        }
        self.rows = rows
    }

    private static func fanOutRows(of settings: Settings) -> [Row] {
        rows(of: settings, prefix: "fan-out.", leaving: [FanOutKeys.classes.name])
            + (settings[FanOutKeys.classes] ?? []).enumerated().flatMap { index, entry in
                rows(of: entry, prefix: "fan-out.classes[\(index)].", leaving: [])
            }
    }

    private static func badgeRows(of settings: Settings) -> [Row] {
        let entries = settings[BadgeKeys.badges] ?? []
        return rows(of: settings, prefix: "badge.", leaving: [BadgeKeys.badges.name])
            + entries.flatMap { entry in
                let name = BadgeWish.fileName(of: entry)
                return rows(of: entry, prefix: "badge.badges[\(name)].", leaving: [])
            }
    }

    private static func rows(of settings: Settings, prefix: String, leaving left: [String]) -> [Row] {
        settings.section.keys.filter { !left.contains($0.name) }.compactMap { key in
            settings.shown(key).map { Row(key: prefix + key.name, value: $0, origin: settings.origin(of: key.name)) }
        }
    }

    /// Three aligned columns; ends with a line feed.
    package var text: String {
        let keyWidth = rows.map(\.key.count).max() ?? 0
        let valueWidth = min(40, rows.map(\.value.line.count).max() ?? 0)
        return rows.map { row in
            let value = row.value.line
            let padding = String(repeating: " ", count: keyWidth - row.key.count)
            let gap = String(repeating: " ", count: max(0, valueWidth - value.count))
            return "\(row.key)\(padding)  \(value)\(gap)  \(row.origin)\n"
        }.joined()
    }

    /// One document of `dt-ci/configuration/v1`, indented.
    package var json: String {
        var writer = JSONWriter()
        writer.object { writer in
            writer.member("schema", "dt-ci/configuration/v1")
            writer.key("settings")
            writer.array(rows) { writer, row in
                writer.object { writer in
                    writer.member("key", row.key)
                    writer.key("value")
                    row.value.write(&writer)
                    writer.member("source", row.origin.description)
                }
            }
        }
        return String(decoding: JSONText.indented(writer.bytes), as: UTF8.self)
    }
}

extension ShownValue {
    fileprivate func write(_ writer: inout JSONWriter) {
        switch self {
        case .text(let text): writer.value(text)
        case .list(let items): writer.array(items) { $0.value($1) }
        case .map(let pairs):
            writer.object { writer in
                for (name, value) in pairs.sorted(by: { $0.key < $1.key }) {
                    writer.key(dynamic: name)
                    writer.value(value)
                }
            }
        }
    }
}
