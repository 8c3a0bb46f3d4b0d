extension PytestPlugin {
    /// Which tests the markers of pytest-dependency and pytest-order put before which.
    ///
    /// Dependencies know only tests of their own process, so what they tie goes into one batch. Numbers of pytest-order
    /// count within their file: over all files they would leave one batch of everything.
    static let orderSource = #"""
        """Reads the markers of pytest-dependency and pytest-order for dt-ci. PYTEST_DONT_REWRITE"""
        import os


        def homes(item):
            """Where a name is looked up in each scope, and what a test without a name is called there."""
            path, _, rest = item.nodeid.partition("::")
            inner = rest.partition("::")
            return {
                "session": ("", item.nodeid), "package": (os.path.dirname(path), item.nodeid), "module": (path, rest),
                "class": (path + "::" + inner[0], inner[2]),
            }


        def listed(value):
            return [str(name) for name in (value if isinstance(value, (list, tuple, set)) else [value])]


        def ties(items, selectors):
            """For selectors the selectors that come before them, and the selectors that have a number in their file."""
            names = {}
            tails = {}
            marked = []
            for item in items:
                dependency = item.get_closest_marker("dependency")
                order = item.get_closest_marker("order")
                if dependency is not None or order is not None:
                    marked.append((item, dependency, order))
                if dependency is not None:
                    name = dependency.kwargs.get("name")
                    for scope, (home, own) in homes(item).items():
                        names.setdefault((scope, home, name or own), selectors.learn(item))
            if any(order is not None for _, _, order in marked):
                for item in items:
                    path, _, rest = item.nodeid.partition("::")
                    for tail in (rest, rest.rpartition("::")[2], os.path.basename(path) + "::" + rest, item.nodeid):
                        tails.setdefault(tail, []).append((path, selectors.learn(item)))
            before = {}
            numbered = set()

            def tie(first, second):
                if first is not None and first != second and first not in before.setdefault(second, []):
                    before[second].append(first)

            def called(label, item):
                found = tails.get(label, ())
                path = item.nodeid.partition("::")[0]
                here = [selector for home, selector in found if home == path]
                return here or [selector for _, selector in found]

            for item, dependency, order in marked:
                own = selectors.learn(item)
                if dependency is not None:
                    scope = dependency.kwargs.get("scope", "module")
                    home = homes(item).get(scope, ("", ""))[0]
                    for name in dependency.kwargs.get("depends") or ():
                        tie(names.get((scope, home, name)), own)
                if order is not None:
                    if order.args or "index" in order.kwargs:
                        numbered.add(own)
                    for label in listed(order.kwargs.get("after") or ()):
                        for first in called(label, item):
                            tie(first, own)
                    for label in listed(order.kwargs.get("before") or ()):
                        for second in called(label, item):
                            tie(own, second)
            return {second: firsts for second, firsts in before.items() if firsts}, numbered
        """#
}
