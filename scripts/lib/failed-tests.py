#!/usr/bin/env python3
"""failed-tests.py REPORT: prints the tests that failed as one pattern for `swift test --filter`; nothing if more failed
than chance explains."""
import re
import sys
import xml.etree.ElementTree as ElementTree

CHANCE = 3

try:
    cases = ElementTree.parse(sys.argv[1]).iter("testcase")
except (OSError, ElementTree.ParseError):
    sys.exit()  # the tests did not come to their end
failed = {
    f"{case.get('classname')}/{case.get('name')}" for case in cases
    if case.find("failure") is not None or case.find("error") is not None}
if 0 < len(failed) <= CHANCE:
    print("^(" + "|".join(re.escape(test).replace("\\ ", " ").replace("/", "\\/") for test in sorted(failed)) + ")")
