import Yams

/// A value from the command line or the environment that is laid over the file's.
package struct Override: Sendable, Hashable {
    /// Which mapping it is laid over.
    package enum Target: Sendable, Hashable {
        case root
        case run
        /// Every suite alike.
        case suites
    }

    package var target: Target
    /// A key of that mapping.
    package var key: String
    /// As the user wrote it; read as the file's value would be.
    package var text: String
    package var origin: Origin

    package init(_ target: Target, _ key: String, _ text: String, origin: Origin) {
        self.target = target
        self.key = key
        self.text = text
        self.origin = origin
    }

    func apply(to settings: inout Settings, _ reading: inout Reading) {
        switch target {
        case .root: set(in: &settings, &reading)
        case .run: settings.update(RootKeys.run) { set(in: &$0, &reading) }
        case .suites:
            settings.update(RootKeys.suites) { suites in
                for index in suites.indices { set(in: &suites[index], &reading) }
            }
        }
    }

    private func set(in settings: inout Settings, _ reading: inout Reading) {
        guard let key = settings.section.keys.first(where: { $0.name == key }) else {
            return reading.report(nil, "no key \"\(key)\" in \(settings.section.name)")
        }
        settings.set(key, from: .scalar(.init(text, .implicit, .doubleQuoted)), origin: origin, &reading)
    }
}
