#!/usr/bin/env python3
"""What `dt-ci publish` takes for a check run, a comment and 200 annotations, beside the same requests sent by one curl.

usage: bench-publish.py DT_CI [RUNS]

DT_CI is the binary. Every run has a GitHub of its own, served on loopback by `dt-ci simulate`, whose time and memory are
not counted: there this script starts itself again with --measure, which runs one command and notes what it took. The
runs alternate; the medians are printed as a Markdown table.
"""

import json
import os
import pathlib
import shutil
import statistics
import subprocess
import sys
import tempfile
import time

FAILURES, TESTS = 200, 1000
WALL_BUDGET, MEMORY_BUDGET = 0.150, 40


def report():
    """JUnit XML with failures on lines of files, each with a trace."""
    lines = ['<testsuites><testsuite name="unit">']
    for n in range(TESTS):
        place = f'classname="tests.test_{n % 20}" name="test_{n}" file="tests/test_{n % 20}.py" line="{n + 1}"'
        if n >= FAILURES:
            lines.append(f'<testcase {place} time="0.0{n % 10}"/>')
            continue
        trace = "\n".join(f'  File "tests/test_{n % 20}.py", line {n + k}, in helper_{k}' for k in range(12))
        lines.append(
            f'<testcase {place} time="0.1"><failure type="AssertionError" message="expected {n}, got {n + 1}">'
            f"{trace}</failure></testcase>")
    return "\n".join(lines + ["</testsuite></testsuites>\n"])


def measure(result, command):
    """Runs a command of the job and notes its wall seconds and peak memory in MB; curl is told the requests."""
    if command == ["curl"]:
        command = ["curl", "--config", curl_settings(pathlib.Path(result).parent)]
    began = time.perf_counter()
    process = subprocess.Popen(
        command, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
    errors = process.stderr.read()
    _, status, usage = os.wait4(process.pid, 0)
    wall = time.perf_counter() - began
    if os.waitstatus_to_exitcode(status) != 0:
        sys.exit(f"{command[0]} failed: {errors.decode()[-2000:]}")
    pathlib.Path(result).write_text(json.dumps([wall, usage.ru_maxrss / 1024]))


def curl_settings(work):
    """The recorded requests to the GitHub of this run, one after the other through one curl."""
    requests = []
    for number, file in enumerate(sorted((work / "record").glob("*.json"))):
        request = json.loads(file.read_text())["request"]
        lines = [
            f'url = "{os.environ["GITHUB_API_URL"]}{request["path"]}"', f'request = "{request["method"]}"',
            f'header = "Authorization: Bearer {os.environ["GITHUB_TOKEN"]}"', 'output = "/dev/null"', "fail", "silent",
        ]
        if request["query"]:
            lines += ["get"] + [f'data-urlencode = "{pair["name"]}={pair["value"]}"' for pair in request["query"]]
        if request["body"] is not None:
            body = work / f"body-{number}.json"
            body.write_text(json.dumps(request["body"], ensure_ascii=False))
            lines += ['header = "Content-Type: application/json"', f'data-binary = "@{body}"']
        requests.append("\n".join(lines))
    settings = work / "curl.txt"
    settings.write_text("\nnext\n".join(requests) + "\n")
    return str(settings)


def simulate(binary, work, *command):
    subprocess.run(
        [binary, "simulate", "github-actions", "--event", "pull_request", *command], cwd=work, check=True,
        stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)


def main(binary, runs):
    with tempfile.TemporaryDirectory(prefix="dt-ci-publish-") as name:
        work = pathlib.Path(name)
        (work / "report.xml").write_text(report())
        publish = [binary, "publish", "report.xml", "--quiet"]
        simulate(binary, work, "--record", "record", "--", *publish)
        count = len(list((work / "record").glob("*.json")))
        commands = {"dt-ci": publish, "curl": ["curl"]}
        seen = {key: [] for key in commands}
        for turn in range(runs + 1):
            for key, command in commands.items():
                result = work / "result.json"
                simulate(binary, work, "--", sys.executable, os.path.abspath(__file__), "--measure", result, *command)
                if turn:
                    seen[key].append(json.loads(result.read_text()))
    (wall, memory), (network, least) = (map(statistics.median, zip(*seen[key])) for key in commands)

    def row(label, wall, memory):
        print(f"| {label} | {wall * 1000:.0f} ms | {memory:.0f} MB |")

    print(f"| {FAILURES} annotations, {count} requests | wall | peak memory |\n| --- | --- | --- |")
    row("`dt-ci publish`", wall, memory)
    row("the same requests by one `curl`", network, least)
    good = wall - network <= WALL_BUDGET and memory <= MEMORY_BUDGET
    print(
        f"\nBudget: {WALL_BUDGET * 1000:.0f} ms more than the requests alone, {MEMORY_BUDGET} MB; "
        f"within: {'yes' if good else '**no**'}.")


if __name__ == "__main__":
    if sys.argv[1:2] == ["--measure"]:
        measure(sys.argv[2], sys.argv[3:])
    elif len(sys.argv) in (2, 3) and shutil.which("curl"):
        main(os.path.abspath(sys.argv[1]), int(sys.argv[2]) if len(sys.argv) == 3 else 9)
    else:
        sys.exit(__doc__)
