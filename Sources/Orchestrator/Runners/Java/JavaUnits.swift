import Artifacts
import CICore

/// What the runners of Java tests have in common: units from compiled classes, and addresses of reported cases.
enum JavaUnits {
    /// The classes of a module as units, cut into tests where asked and allowed.
    static func units(
        of classes: [JavaTestClasses.TestClass], module: String = "", suite: Suite, granularity: Granularity
    ) -> [TestUnit] {
        classes.flatMap { found in
            let container = JavaSelector(module: module, className: found.name).container
            let prefix = module.isEmpty ? "" : "\(module):"
            return cut(
                TestUnit(
                    suite: suite.name, selector: container, granularity: .class, tests: found.tests.map { prefix + $0 },
                    constraints: TestUnit.Constraints(bond: found.isBound ? container : nil)),
                into: granularity)
        }
    }

    /// Single tests, where no fixture of the class is torn apart.
    static func cut(_ unit: TestUnit, into granularity: Granularity) -> [TestUnit] {
        granularity == .test && unit.constraints.bond == nil ? unit.splitByKnownTests() : [unit]
    }

    /// Finds the unit of a case by its class, and the test by its name in plain form.
    static func address(className: String, name: String, in batch: BatchScope) -> TestAddress? {
        let units = batch.units.filter { unit in
            let known = JavaSelector(unit.container).className
            return className == known || className.hasPrefix(known + "$")
        }
        guard let container = units.map(\.container).max(by: { $0.utf8.count < $1.utf8.count }) else { return nil }
        let plain = JavaTypeName.plainMethod(name)
        let known = units.filter { $0.container == container }
            .flatMap { $0.granularity == .test ? [$0.selector] : $0.tests ?? [] }
        let selector = known.first { text in
            let selector = JavaSelector(text)
            return selector.className == className && selector.method.map(JavaTypeName.plainMethod) == plain
        }
        if let selector = selector ?? onlyOverload(of: plain, className: className, in: known) {
            return TestAddress(
                selector: selector, container: container, identifier: selector + JavaTypeName.withoutIndex(name).index)
        }
        guard units.contains(where: { $0.selector == container && $0.granularity < .test }) else {
            // A report that shows a display name: it can only be the one test that was asked for.
            return known.count == 1 ? TestAddress(selector: known[0], container: container) : nil
        }
        let found = JavaSelector(module: JavaSelector(container).module, className: className, method: name)
        return TestAddress(selector: container, container: container, identifier: found.text)
    }

    /// Reports that leave parameter types out, where the name alone is enough.
    private static func onlyOverload(of plain: String, className: String, in known: [String]) -> String? {
        let name = plain.prefix { $0 != "(" }
        let found = known.filter {
            let selector = JavaSelector($0)
            return selector.className == className && selector.methodName == String(name)
        }
        return found.count == 1 ? found[0] : nil
    }
}
