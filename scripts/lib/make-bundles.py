#!/usr/bin/env python3
"""Writes the bundles of a made-up run, as `dt-ci run --node` leaves them.

usage: make-bundles.py DT_CI DIRECTORY NODES TESTS

The plan is made by DT_CI: files of 40 tests, spread over the nodes. Every hundredth test fails, every fiftieth is flaky.
"""

import hashlib
import json
import os
import pathlib
import subprocess
import sys

TESTS_PER_FILE = 40


def tests_of(unit):
    name = unit.split("::", 1)[1]
    for number in range(TESTS_PER_FILE):
        yield name, f"{name}::TestCase::test_what_it_does_in_case_{number:02}"


def attempts(number):
    passed = {"outcome": "passed", "seconds": 0.012, "message": None}
    failed = {
        "outcome": "failed", "seconds": 0.034, "message": "assert 1 == 2", "type": "AssertionError",
        "details": "def test():\n>       assert 1 == 2\nE       assert 1 == 2\n" * 3,
    }
    if number % 100 == 7:
        return [failed]
    return [failed, passed] if number % 50 == 3 else [passed]


def record(path, selector, number):
    tries = attempts(number)
    return {
        "id": f"timings::{selector}", "suite": "timings", "file": path, "line": 7, "class": "TestCase",
        "name": selector.rsplit("::", 1)[1], "container": path, "outcome": tries[-1]["outcome"],
        "flaky": len(tries) > 1, "quarantined": False, "seconds": tries[-1]["seconds"], "attempts": tries,
    }


def results(records):
    count = {name: sum(r["outcome"] == name for r in records) for name in ("passed", "failed", "errored", "skipped")}
    totals = {"tests": len(records), **count, "flaky": sum(r["flaky"] for r in records),
              "attempts": sum(len(r["attempts"]) for r in records)}
    return {
        "schema": "dt-ci/results/v1", "totals": totals, "seconds": 60, "files": [], "warnings": [], "tests": records,
        "completeness": {
            "discovered": len(records), "ran": len(records), "skipped": 0, "quarantined": 0, "lost": []},
        "verdict": {"exitCode": 1, "reason": "tests failed"},
    }


def entry(name, data):
    return {"name": name, "size": len(data), "sha256": hashlib.sha256(data).hexdigest()}


def main():
    binary, directory, nodes, tests = sys.argv[1], pathlib.Path(sys.argv[2]), int(sys.argv[3]), int(sys.argv[4])
    directory.mkdir(parents=True)
    timings = directory / "timings.json"
    timings.write_text(json.dumps(
        {f"tests/unit/test_module_{number:05}.py": 0.5 for number in range(tests // TESTS_PER_FILE)}))
    saved = directory / "plan.json"
    subprocess.run(
        [binary, "plan", "--timings", timings, "--nodes", str(nodes), "--slots", "1", "--quiet", "--save", saved],
        check=True)
    data = saved.read_bytes()
    plan = json.loads(data)
    listed = entry("plan.json", data)
    number = 0
    for node in plan["nodes"]:
        index = node["index"]
        bundle = directory / "bundles" / f"node-{index}-of-{nodes}"
        bundle.mkdir(parents=True)
        os.link(saved, bundle / "plan.json")
        records = []
        for unit in (unit for batch in node["batches"] for unit in batch["units"]):
            for path, selector in tests_of(unit):
                records.append(record(path, selector, number))
                number += 1
        text = json.dumps(results(records), separators=(",", ":")).encode() + b"\n"
        (bundle / "results.json").write_bytes(text)
        manifest = {
            "schema": "dt-ci/bundle/v1", "plan": plan["id"], "node": {"index": index, "total": nodes},
            "run": {"service": "local", "id": None, "attempt": None, "job": None}, "commit": None,
            "startedAt": "2026-01-01T00:00:00.000Z", "createdAt": "2026-01-01T00:01:00.000Z", "seconds": 60,
            "ending": {"stop": None, "broken": False, "expired": None, "failsOnFlaky": False, "empty": "error"},
            "hardware": "linux-x86_64-2cpu", "whole": True, "batches": [], "beyondPlan": [],
            "files": [entry("results.json", text), listed],
        }
        (bundle / "bundle.json").write_text(json.dumps(manifest) + "\n")


if __name__ == "__main__":
    main()
