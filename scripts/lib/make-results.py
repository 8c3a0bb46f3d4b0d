#!/usr/bin/env python3
"""Writes a results.json as `dt-ci run` leaves it, to measure what is made of it.

usage: make-results.py TESTS FAILURES FILE

Names and places are as long as those of a real suite; every failure has a message and a trace of 24 lines, every 100th
test is slow, and there is one batch for each 500 tests. The same arguments give the same bytes.
"""
import json
import sys


def test(number, failed):
    module = number // 400
    name = f"test_behaviour_{number}[case-{number % 7}-<value>]"
    file = f"tests/unit/module_{module:05}.py"
    attempt = {"outcome": "passed", "seconds": (number * 37 % 1000) / (100 if number % 100 == 0 else 100_000), "message": None}
    if failed:
        trace = "\n".join(
            f'  File "/src/{file}", line {number % 999 + k}, in helper_{k}\n    assert left == right && ok' for k in range(12))
        attempt |= {
            "outcome": "failed", "message": f"assert {number} == {number + 1}", "type": "AssertionError", "details": trace}
    return {
        "id": f"unit::{file}::TestService{number % 20}::{name}", "suite": "unit", "file": file, "line": number % 999,
        "class": f"TestService{number % 20}", "name": name, "container": file, "outcome": attempt["outcome"],
        "flaky": False, "quarantined": False, "seconds": attempt["seconds"], "attempts": [attempt],
    }


def main():
    tests, failures = int(sys.argv[1]), int(sys.argv[2])
    every = max(1, tests // max(1, failures))
    head = {
        "schema": "dt-ci/results/v1",
        "totals": {"tests": tests, "passed": tests - failures, "failed": failures, "errored": 0, "skipped": 0, "flaky": 0,
                   "attempts": tests},
        "seconds": tests / 500, "files": [], "warnings": [],
    }
    tail = {
        "completeness": {"discovered": tests, "ran": tests, "skipped": 0, "quarantined": 0, "lost": []},
        "verdict": {"exitCode": 1, "reason": f"{failures} of {tests} tests failed"}, "comparison": None,
        "timeline": [
            {"batch": f"b{n}", "suite": "unit", "node": n % 4, "slot": n // 4 % 4, "start": n // 16, "seconds": 1,
             "tests": 500, "failed": 0, "broken": False}
            for n in range(tests // 500)],
    }
    left = failures
    with open(sys.argv[3], "w", buffering=1 << 20) as out:
        out.write(json.dumps(head)[:-1] + ',"tests":[')
        for number in range(tests):
            failed = left > 0 and number % every == every - 1
            left -= failed
            out.write(("," if number else "") + json.dumps(test(number, failed), separators=(",", ":")))
        out.write("]," + json.dumps(tail)[1:] + "\n")


if __name__ == "__main__":
    if len(sys.argv) != 4:
        sys.exit(__doc__)
    main()
