import Yams

/// A value from the command line or the environment that is laid over the file's.
package struct Override: Sendable, Hashable {
    /// Which mapping it is laid over.
    package enum Target: Sendable, Hashable {
        case root
        case run
        case publish
        case forge
        case hardware
        /// Every suite alike.
        case suites
    }

    package var target: Target
    /// A key of that mapping.
    package var key: String
    /// As the user wrote it, read as the file's value would be; several make a list.
    package var texts: [String]
    package var origin: Origin

    package init(_ target: Target, _ key: String, _ text: String, origin: Origin) {
        self.init(target, key, texts: [text], origin: origin)
    }

    package init(_ target: Target, _ key: String, texts: [String], origin: Origin) {
        self.target = target
        self.key = key
        self.texts = texts
        self.origin = origin
    }

    /// Lays the value over the mapping, or reports why it cannot be.
    func apply(to settings: inout Settings, _ reading: inout Reading) {
        switch target {
        case .root: set(in: &settings, &reading)
        case .run: settings.update(RootKeys.run) { set(in: &$0, &reading) }
        case .publish: settings.update(RootKeys.publish) { set(in: &$0, &reading) }
        case .hardware: settings.update(RootKeys.hardware) { add(toLabelsOf: &$0, &reading) }
        case .forge: settings.update(RootKeys.forge) { set(in: &$0, &reading) }
        case .suites:
            settings.update(RootKeys.suites) { suites in
                for index in suites.indices { set(in: &suites[index], &reading) }
            }
        }
    }

    /// Labels come on top of those of the file, unlike everything else: one machine has what all have.
    private func add(toLabelsOf settings: inout Settings, _ reading: inout Reading) {
        let known = (settings[HardwareKeys.labels] ?? [:]).sorted { $0.key < $1.key }
        var whole = self
        whole.texts = known.map { "\($0)=\($1)" } + texts
        whole.set(in: &settings, &reading)
    }

    private func set(in settings: inout Settings, _ reading: inout Reading) {
        guard let key = settings.section.keys.first(where: { $0.name == key }) else {
            return reading.report(nil, "no key \"\(key)\" in \(settings.section.name)")
        }
        let nodes = texts.map { Node.scalar(.init($0, .implicit, .doubleQuoted)) }
        let node = nodes.count == 1 ? nodes[0] : .sequence(.init(nodes))
        settings.set(key, from: node, origin: origin, &reading)
    }
}
