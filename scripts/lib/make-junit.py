#!/usr/bin/env python3
"""Writes a JUnit XML file of about the given size, as a large pytest or Surefire run would leave it.

usage: make-junit.py SIZE FILE      SIZE such as 10M, 500M or 5G

Every test has a name of its own. In each suite of 400: 8 failures with a stack trace, 8 skipped, 20 with output,
2 retried by Surefire (one flaky, one failed for good). The same arguments give the same bytes.
"""
import sys

MARK = b"@@@@@@@@"


def suite():
    lines = [
        '<testsuite name="suite_@@@@@@@@" tests="400" failures="9" errors="0" skipped="8" time="61.427" '
        'timestamp="2026-01-01T00:00:00" hostname="runner-1">'
    ]
    for n in range(400):
        head = (
            f'<testcase classname="tests.unit.module_@@@@@@@@.TestService{n % 20}" '
            f'name="test_behaviour_{n}[case-{n % 7}-&lt;value&gt;]" file="tests/unit/module_@@@@@@@@.py" '
            f'line="{12 + 9 * n}" time="{(n * 37 % 1000) / 1000:.3f}"'
        )
        if n % 50 == 7:
            trace = "\n".join(
                f'  File "/src/tests/unit/module_@@@@@@@@.py", line {n + k}, in helper_{k}\n    assert left == right &amp;&amp; ok'
                for k in range(12)
            )
            body = f'<failure message="AssertionError: assert {n} == {n + 1}" type="AssertionError">{trace}\n</failure>'
        elif n % 50 == 9:
            body = '<skipped type="pytest.skip" message="needs a GPU">tests/conftest.py:41: needs a GPU</skipped>'
        elif n % 20 == 3:
            body = "<system-out><![CDATA[" + "2026-01-01 00:00:00 INFO service started <ok> & ready\n" * 8 + "]]></system-out>"
        elif n == 100:
            body = '<flakyFailure message="timed out" type="Timeout"><stackTrace>at line 1</stackTrace></flakyFailure>'
        elif n == 200:
            body = '<failure message="no" type="E">at line 2</failure><rerunFailure message="no" type="E"><stackTrace>at line 2</stackTrace></rerunFailure>'
        else:
            lines.append(head + " />")
            continue
        lines.append(head + ">" + body + "</testcase>")
    lines.append("</testsuite>\n")
    return "\n".join(lines).encode()


def main():
    size = sys.argv[1]
    wanted = int(float(size.rstrip("KMG")) * {"K": 1 << 10, "M": 1 << 20, "G": 1 << 30}.get(size[-1], 1))
    block = suite()
    written = 0
    number = 0
    with open(sys.argv[2], "wb", buffering=1 << 20) as out:
        out.write(b'<?xml version="1.0" encoding="utf-8"?>\n<testsuites name="pytest tests">\n')
        while written < wanted:
            out.write(block.replace(MARK, b"%08d" % number))
            written += len(block)
            number += 1
        out.write(b"</testsuites>\n")


if __name__ == "__main__":
    if len(sys.argv) != 3:
        sys.exit(__doc__)
    main()
