extension PytestPlugin {
    /// What a test came to, and how the JUnit report has it.
    static let reportSource = #"""
        """What one test came to, and its place in a JUnit report. PYTEST_DONT_REWRITE"""
        import json
        import os
        import re

        LIMIT = 32768
        ILLEGAL = re.compile("[^\t\n\r -\x7e\x80-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
        SPECIAL = re.compile("[&<>\"\t\n\r]")
        REFERENCES = {"&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;", "\t": "&#9;", "\n": "&#10;", "\r": "&#13;"}
        CLEAN = re.compile("[ !#-%'-;=?-~\\[\\]]*").fullmatch


        def bounded(text, limit=LIMIT):
            if len(text) <= limit:
                return text
            half = limit // 2
            return "%s\n[… %d characters left out …]\n%s" % (text[:half], len(text) - 2 * half, text[-half:])


        def attribute(text):
            if CLEAN(text):
                return text
            text = ILLEGAL.sub(lambda match: "#x%02X" % ord(match.group()), text)
            return SPECIAL.sub(lambda match: REFERENCES[match.group()], text)


        def body(text):
            text = ILLEGAL.sub(lambda match: "#x%02X" % ord(match.group()), text)
            return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;").replace("\r", "&#13;")


        class Case:
            """One test: the attempts so far, and what the present one has come to."""

            ORDER = {"passed": 0, "skipped": 1, "failed": 2, "errored": 3}

            def __init__(self, nodeid, selector, location):
                self.nodeid = nodeid
                self.selector = selector
                self.location = location
                self.reruns = []
                self.properties = []
                self.alias = None
                self.begin()

            def begin(self):
                self.outcome = None
                self.seconds = 0.0
                self.faults = []
                self.output = []

            def take(self, report):
                self.seconds += getattr(report, "duration", 0.0) or 0.0
                if report.outcome == "rerun":
                    self.fault("failed", report)
                    self.reruns.append((self.faults, self.seconds))
                    return self.begin()
                part = getattr(report, "context", None) is not None
                if report.outcome == "failed":
                    failed = report.when == "call" or part
                    self.fault("failed" if failed else "errored", report)
                    for title, text in getattr(report, "sections", ()):
                        if report.when in title or part:
                            self.output.append("---- %s ----\n%s" % (title, text))
                elif report.outcome == "skipped" and not part:
                    self.fault("skipped", report)
                elif self.outcome is None and report.when == "call" and not part:
                    self.outcome = "passed"
                if report.when == "teardown":
                    self.properties = list(getattr(report, "user_properties", ()))

            def fault(self, outcome, report):
                kind, message, details = explanation(outcome, report)
                self.faults.append((outcome, kind, message, details))
                if self.outcome is None or self.ORDER[outcome] > self.ORDER[self.outcome]:
                    self.outcome = outcome


        def explanation(outcome, report):
            """The type, the line and the text of what went wrong, as pytest's own JUnit report has them."""
            text = bounded(str(getattr(report, "longreprtext", "") or ""))
            if outcome == "skipped":
                if hasattr(report, "wasxfail"):
                    return "pytest.xfail", str(report.wasxfail), ""
                if isinstance(report.longrepr, tuple):
                    path, line, reason = report.longrepr
                    reason = reason[9:] if reason.startswith("Skipped: ") else reason
                    if os.path.basename(str(path)) == "pytest_dependency.py":
                        return "Dependency", reason, ""
                    return "pytest.skip", reason, "%s:%s: %s" % (path, line, reason)
                return "pytest.skip", "", text
            crash = getattr(report.longrepr, "reprcrash", None)
            message = crash.message if crash is not None else text.strip().rpartition("\n")[2] or "failed"
            if hasattr(report, "wasxfail"):
                message = "xfail-marked test passes unexpectedly"
            if outcome == "errored":
                message = 'failed on %s with "%s"' % (getattr(report, "when", None) or "collection", message)
            kind = re.match("([A-Za-z_][A-Za-z_0-9.]*)(:|$)", message)
            return kind.group(1) if kind else "", bounded(message, 4096), text


        def element(case):
            """The case as JUnit XML."""
            path, _, rest = case.nodeid.partition("::")
            rest, bracket, parameters = rest.partition("[")
            names = [path[:-3].replace("/", ".") if path.endswith(".py") else path.replace("/", ".")]
            names += rest.split("::") if rest else []
            name = names.pop() + bracket + parameters
            parts = [
                '<testcase classname="%s" name="%s" time="%.6f"'
                % (attribute(".".join(names)), attribute(name), case.seconds + sum(spent for _, spent in case.reruns))
            ]
            if case.location is not None:
                parts.append(' file="%s"' % attribute(case.location[0]))
                if case.location[1] is not None:
                    parts.append(' line="%d"' % (case.location[1] + 1))
            parts.append('><properties><property name="dt-ci.selector" value="%s"/>' % attribute(json.dumps(case.selector)))
            if case.alias is not None:
                parts.append('<property name="dt-ci.dependency" value="%s"/>' % attribute(bounded(case.alias)))
            for key, value in case.properties:
                parts.append('<property name="%s" value="%s"/>' % (attribute(str(key)), attribute(bounded(str(value)))))
            parts.append("</properties>")
            for faults, _ in case.reruns:
                tag = "rerunFailure" if case.outcome in ("failed", "errored") else "flakyFailure"
                parts.extend(fault_element(tag, *fault[1:]) for fault in faults[:1])
            for outcome, kind, message, details in case.faults:
                if outcome != "skipped" or case.outcome == "skipped":
                    tag = {"failed": "failure", "errored": "error", "skipped": "skipped"}[outcome]
                    parts.append(fault_element(tag, kind, message, details))
            if case.output:
                parts.append("<system-out>%s</system-out>" % body(bounded("\n".join(case.output))))
            parts.append("</testcase>\n")
            return "".join(parts)


        def fault_element(tag, kind, message, details):
            return '<%s type="%s" message="%s">%s</%s>' % (tag, attribute(kind), attribute(message), body(details), tag)
        """#
}
