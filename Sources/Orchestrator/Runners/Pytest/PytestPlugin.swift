/// The pytest plugin that tells what pytest does, while it does it: Python 3.8 and pytest 6 or newer.
///
/// In place of `--junit-xml`, whose file exists only after a good end: here every test that finished is on disk at
/// once, exact node ids stand beside the names, and reruns of plugins are attempts. It costs less than pytest's own.
enum PytestPlugin {
    /// What `-p` takes.
    static let module = "dtci_pytest"
    /// The part that makes reports.
    static let reportModule = "dtci_pytest_report"
    /// The part that reads which tests depend on which.
    static let orderModule = "dtci_pytest_order"
    /// The part that keeps rewritten test files.
    static let bytecodeModule = "dtci_pytest_bytecode"
    /// Beside the plugin: what happened so far, as JSON lines.
    static let journal = "journal.jsonl"
    /// Beside the plugin, at the end of the session: JUnit XML.
    static let report = "report.xml"
    /// Beside the plugin: the selectors to run, as a JSON array; without it pytest finds its tests itself.
    static let selection = "selection.json"
    /// The property of a reported case that holds its selector as a JSON string, so that no character is lost.
    static let selectorProperty = "dt-ci.selector"

    /// The property of a reported case that holds the name by which other tests depend on it, where a marker gives one.
    static let dependencyProperty = ObservedTest.nameProperty

    /// The hooks; needs `reportSource` and `bytecodeSource` beside it.
    static let source = #"""
        """Tells dt-ci what pytest does, while it does it. PYTEST_DONT_REWRITE

        Writes beside itself: journal.jsonl as things happen, report.xml when the session has ended.
        """
        import glob
        import json
        import os
        import sys

        import dtci_pytest_bytecode
        import dtci_pytest_order
        import pytest
        from dtci_pytest_report import Case, bounded, element

        HERE = os.path.dirname(os.path.abspath(__file__))
        NEW_IGNORE_HOOK = int(pytest.__version__.split(".")[0]) >= 7


        def leave_no_trace():
            """The tests and their children see the environment that they would have without this plugin."""
            sys.path[:] = [entry for entry in sys.path if entry != HERE]
            paths = os.environ.get("PYTHONPATH", "").split(os.pathsep)
            if paths[0] == HERE:
                if len(paths) > 1:
                    os.environ["PYTHONPATH"] = os.pathsep.join(paths[1:])
                else:
                    del os.environ["PYTHONPATH"]


        leave_no_trace()
        end_of_bytecode = dtci_pytest_bytecode.install()


        class Journal:
            """Lines that survive the death of the process: each is one write."""

            def __init__(self):
                flags = os.O_WRONLY | os.O_CREAT | os.O_APPEND | getattr(os, "O_CLOEXEC", 0)
                self.descriptor = os.open(os.path.join(HERE, "journal.jsonl"), flags, 0o644)
                self.process = os.getpid()

            def write(self, event, **facts):
                if os.getpid() != self.process:
                    return  # a fork of a test that came back into pytest
                facts["event"] = event
                data = (json.dumps(facts) + "\n").encode("ascii")
                while data:
                    data = data[os.write(self.descriptor, data):]


        class Selectors:
            """Node ids begin at the root directory; what pytest accepts begins at the working directory."""

            def __init__(self, config):
                self.root = str(getattr(config, "rootpath", None) or config.rootdir)
                self.directory = str(config.invocation_params.dir)
                self.files = {}
                self.known = {}

            def file(self, path):
                selector = self.files.get(path)
                if selector is None:
                    selector = os.path.relpath(path, self.directory).replace(os.sep, "/")
                    self.files[path] = selector
                return selector

            def learn(self, node):
                path = getattr(node, "path", None) or node.fspath
                separator = "::" if "::" in node.nodeid else ""
                selector = self.file(str(path)) + separator + node.nodeid.partition("::")[2]
                self.known[node.nodeid] = selector
                return selector

            def of(self, nodeid):
                selector = self.known.get(nodeid)
                if selector is None:
                    path, separator, rest = nodeid.partition("::")
                    selector = self.file(os.path.join(self.root, path)) + separator + rest
                return selector


        class Session:
            """What is known of this run."""

            def __init__(self, config):
                self.config = config
                self.journal = Journal()
                self.selectors = Selectors(config)
                self.cases = {}
                self.elements = []
                self.broken = []
                self.aliases = {}

            def finish_case(self, case):
                self.elements.append(element(case))
                facts = {"id": case.selector, "outcome": case.outcome, "seconds": round(case.seconds, 6)}
                if case.faults:
                    worst = max(case.faults, key=lambda fault: Case.ORDER[fault[0]])
                    facts.update(type=worst[1], message=worst[2], details=worst[3])
                self.journal.write("finished", **facts)

            def write_report(self):
                path = os.path.join(HERE, "report.xml")
                text = '<?xml version="1.0" encoding="utf-8"?>\n<testsuites><testsuite name="pytest">\n%s</testsuite></testsuites>\n'
                with open(path + ".part", "w", encoding="utf-8", errors="backslashreplace") as file:
                    file.write(text % "".join(self.elements))
                os.replace(path + ".part", path)


        session_facts = None


        def chosen():
            """The selectors that dt-ci wants; None if pytest finds them itself."""
            try:
                with open(os.path.join(HERE, "selection.json"), encoding="utf-8") as file:
                    return json.load(file)
            except FileNotFoundError:
                return None


        class Selection:
            """Hands the wanted tests to pytest behind its back, so that root directory, configuration and first conftest
            files are those of a plain run, no list is too long, and no name is read as an option."""

            def __init__(self, selectors, everything):
                self.everything = everything
                self.wanted = {}
                arguments = []
                directories = []
                for selector in selectors:
                    path, _, rest = selector.partition("::")
                    self.wanted.setdefault(os.path.abspath(path), []).append(rest)
                    if "[" in path:
                        # pytest takes no brackets in the path of an argument: collect a directory, leave out what else it has.
                        directories.append(os.path.join(".", path.partition("[")[0].rpartition("/")[0]))
                    else:
                        arguments.append(os.path.join(".", selector))
                self.filters = bool(directories) or everything
                within = tuple(os.path.join(directory, "") for directory in directories)
                outside = [argument for argument in arguments if not (within and argument.startswith(within))]
                self.arguments = list(dict.fromkeys(directories + outside))

            def of(self, path):
                """What is wanted of a file: None for nothing, "" for all of it."""
                path = str(path)
                while path not in self.wanted and path != os.path.dirname(path):
                    path = os.path.dirname(path)
                return self.wanted.get(path)

            def leaves_out(self, path):
                return self.filters and not self.everything and os.path.isfile(str(path)) and self.of(path) is None

            def wants(self, item):
                rest = item.nodeid.partition("::")[2]
                return any(
                    not test or rest == test or rest.startswith((test + "::", test + "["))
                    for test in self.of(getattr(item, "path", None) or item.fspath) or ()
                )


        def collects(early_config, paths):
            """Whether a plain run looks at these paths."""
            directory = str(early_config.invocation_params.dir)
            root = str(getattr(early_config, "rootpath", None) or early_config.rootdir)
            begins = [path.partition("::")[0] for path in early_config.known_args_namespace.file_or_dir]
            if not begins and directory == root:
                for pattern in early_config.getini("testpaths"):
                    begins += glob.glob(os.path.join(root, pattern), recursive=True)
            begins = [os.path.abspath(os.path.join(directory, begin)) for begin in begins or [directory]]
            return all(
                any(path == begin or path.startswith(os.path.join(begin, "")) for begin in begins) for path in paths)


        selection = None


        @pytest.hookimpl(hookwrapper=True)
        def pytest_load_initial_conftests(early_config, args):
            global selection
            if hasattr(early_config.known_args_namespace, "cov_fail_under"):
                early_config.known_args_namespace.cov_fail_under = 0  # a batch covers a part only
            outcome = yield
            wanted = chosen()
            if wanted is None or outcome.excinfo is not None:
                return
            # Test files that lean on what other test files import need all of them, as in a plain run.
            everything = os.environ.get("DTCI_PYTEST_IMPORT") != "selected"
            selection = Selection(wanted, everything)
            if everything and collects(early_config, selection.wanted):
                return
            selection = Selection(wanted, False)
            for path in early_config.known_args_namespace.file_or_dir:
                if path in args:
                    del args[len(args) - 1 - args[::-1].index(path)]
            args.append("--")
            args.extend(selection.arguments)


        @pytest.hookimpl(hookwrapper=True)
        def pytest_cmdline_main(config):
            """Takes back what would cut the batch short, spread it over processes or write over a neighbour's files."""
            overrides = {
                "maxfail": 0, "lf": False, "failedfirst": False, "newfirst": False, "stepwise": False, "xmlpath": None,
                "continue_on_collection_errors": True, "numprocesses": None, "dist": "no", "tx": [], "distload": False,
                "looponfail": False,
            }
            if os.environ.get("DTCI_ATTEMPT", "1") != "1":
                # What a test that is tried again depends on has run, or it would not be tried.
                overrides["ignore_unknown_dependency"] = True
            for name, value in overrides.items():
                if hasattr(config.option, name):
                    setattr(config.option, name, value)
            yield


        @pytest.hookimpl(tryfirst=True)
        def pytest_configure(config):
            global session_facts
            if session_facts is None and not hasattr(config, "workerinput"):
                session_facts = Session(config)


        if NEW_IGNORE_HOOK:

            def pytest_ignore_collect(collection_path):
                return True if selection is not None and selection.leaves_out(collection_path) else None

        else:

            def pytest_ignore_collect(path):
                return True if selection is not None and selection.leaves_out(path) else None


        @pytest.hookimpl(tryfirst=True)
        def pytest_make_collect_report(collector):
            """Imports the files that are not wanted without making tests of them."""
            if selection is None or not selection.everything:
                return None
            if not isinstance(collector, pytest.Module) or isinstance(collector, pytest.Package):
                return None
            if selection.of(getattr(collector, "path", None) or collector.fspath) is not None:
                return None
            try:
                collector.obj
            except (Exception, pytest.skip.Exception, collector.CollectError):
                pass  # the batch that wants the file tells it
            return pytest.CollectReport(collector.nodeid, "passed", None, [])


        @pytest.hookimpl(tryfirst=True)
        def pytest_collection_modifyitems(config, items):
            if selection is None or not selection.filters:
                return
            wanted = [item for item in items if selection.wants(item)]
            if len(wanted) < len(items):
                kept = set(map(id, wanted))
                config.hook.pytest_deselected(items=[item for item in items if id(item) not in kept])
                items[:] = wanted


        def pytest_collectstart(collector):
            if session_facts is not None and isinstance(collector, pytest.Module):
                session_facts.journal.write("collecting", id=session_facts.selectors.learn(collector))


        def pytest_collectreport(report):
            facts = session_facts
            if facts is None or report.outcome == "passed":
                return
            case = Case(report.nodeid, facts.selectors.of(report.nodeid), None)
            if report.outcome == "failed":
                facts.broken.append(case.selector)
                case.outcome = "errored"
                case.faults = [("errored", "CollectionError", "collection failure", bounded(str(report.longreprtext)))]
            else:
                case.fault("skipped", report)
            facts.finish_case(case)


        @pytest.hookimpl(trylast=True)
        def pytest_collection_finish(session):
            end_of_bytecode()
            facts = session_facts
            if facts is None:
                return
            for item in session.items:
                marker = item.get_closest_marker("dependency")
                if marker is not None and marker.kwargs.get("name"):
                    facts.aliases[item.nodeid] = str(marker.kwargs["name"])
            if session.config.option.collectonly:
                before, numbered = dtci_pytest_order.ties(session.items, facts.selectors)
                for item in session.items:
                    selector = facts.selectors.learn(item)
                    more = {"after": before[selector]} if selector in before else {}
                    if selector in numbered:
                        more["numbered"] = True
                    facts.journal.write("item", id=selector, **traits(item, facts.selectors), **more)
            else:
                facts.journal.write("collected", ids=[facts.selectors.learn(item) for item in session.items])


        def traits(item, selectors):
            """What decides with which others an item must stay."""
            fixtures = getattr(getattr(item, "_fixtureinfo", None), "name2fixturedefs", None) or {}
            shared = {}
            for name, definitions in fixtures.items():
                scope = getattr(definitions[-1], "scope", "function") if definitions else "function"
                if scope in ("module", "class"):
                    shared.setdefault(scope, []).append(name)
            group = item.get_closest_marker("xdist_group")
            name = None
            if group is not None:
                name = str(group.args[0] if group.args else group.kwargs.get("name", "default"))
            classes = [node for node in item.listchain() if isinstance(node, pytest.Class)]
            return {
                "class": selectors.learn(classes[0]) if classes else None,
                "group": name,
                "marks": sorted({mark.name for mark in item.iter_markers()}),
                "module": sorted(shared.get("module", ())),
                "shared": sorted(shared.get("class", ())),
            }


        def pytest_runtest_logstart(nodeid, location):
            facts = session_facts
            if facts is not None:
                selector = facts.selectors.of(nodeid)
                if nodeid not in facts.cases:  # else a rerun of it
                    facts.cases[nodeid] = Case(nodeid, selector, location)
                    facts.cases[nodeid].alias = facts.aliases.get(nodeid)
                facts.journal.write("started", id=selector)


        def pytest_runtest_logreport(report):
            facts = session_facts
            case = facts.cases.get(report.nodeid) if facts is not None else None
            if case is not None:
                case.take(report)


        def pytest_runtest_logfinish(nodeid):
            facts = session_facts
            case = facts.cases.get(nodeid) if facts is not None else None
            if case is not None and case.outcome is not None:
                del facts.cases[nodeid]
                facts.finish_case(case)


        @pytest.hookimpl(trylast=True)
        def pytest_sessionfinish(session, exitstatus):
            facts = session_facts
            if facts is None:
                return
            if facts.broken and int(exitstatus) in (0, 1):
                session.exitstatus = 2  # what pytest itself says where collection errors end the session
            elif facts.elements and int(exitstatus) == 5:
                session.exitstatus = 0  # whole files were skipped, which is a result


        @pytest.hookimpl(trylast=True)
        def pytest_terminal_summary(terminalreporter):
            facts = session_facts
            if facts is not None and facts.broken and not terminalreporter.config.option.collectonly:
                count = len(facts.broken)
                terminalreporter.write_line(
                    "dt-ci: %d error%s during collection: %s"
                    % (count, "" if count == 1 else "s", bounded(" ".join(facts.broken), 2048))
                )


        @pytest.hookimpl(trylast=True)
        def pytest_unconfigure(config):
            facts = session_facts
            if facts is not None and facts.config is config:
                facts.write_report()
                facts.journal.write("ended")
        """#
}
