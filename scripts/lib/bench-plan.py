#!/usr/bin/env python3
"""Planning time and quality of dt-ci against pytest-split's two algorithms on the same durations.

usage: bench-plan.py DT_CI VENV_PYTHON [TESTSxNODES ...]

DT_CI is the binary, VENV_PYTHON the interpreter of a virtual environment that has pytest-split. The suites are
lognormal with fixed seeds. dt-ci also plans each with 5% of the tests in chains of five, which pytest-split cannot. Prints a Markdown table. Times are of planning alone: reading the durations is left out on
both sides. pytest-split gets 4 GiB and two minutes for each split.
"""

import json
import os
import random
import subprocess
import sys
import tempfile

SIZES = ["50000x50", "1000000x1000"]
ALGORITHMS = ["least_duration", "duration_based_chunks"]
TIME_LIMIT = 120
MEMORY_LIMIT = 4 << 30

# Runs inside the virtual environment; prints seconds and the longest group.
SPLIT = """
import json, resource, sys, time
from pytest_split.algorithms import Algorithms
file, nodes, algorithm, memory = sys.argv[1], int(sys.argv[2]), sys.argv[3], int(sys.argv[4])
resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
class Item:
    __slots__ = ("nodeid",)
    def __init__(self, nodeid): self.nodeid = nodeid
    def __str__(self): return self.nodeid
durations = json.load(open(file))
items = [Item(name) for name in durations]
began = time.perf_counter()
groups = Algorithms[algorithm].value(nodes, items, durations)
print(json.dumps([time.perf_counter() - began, max(group.duration for group in groups)]))
"""


def suite(tests, seed):
    """Names as pytest has them, and seconds with a median of half a second and a long tail."""
    generator = random.Random(seed)
    return {
        f"tests/unit/test_module_{number // 40:05}.py::TestCase::test_number_{number:07}": round(
            generator.lognormvariate(-0.7, 1.2), 6
        )
        for number in range(tests)
    }


def with_chains(durations):
    """The same suite with every hundredth test and the four behind it waiting for each other."""
    entries = dict(durations)
    names = list(durations)
    for first in range(0, len(names) - 4, 100):
        for place in range(first, first + 5):
            after = [names[place - 1]] if place > first else []
            entries[names[place]] = {"seconds": durations[names[place]], "after": after}
    return entries


def dt_ci(binary, file, nodes):
    """Seconds and makespan of the fastest of nine runs, of three for large suites, and the lower bound."""
    best = None
    environment = {"PATH": os.environ.get("PATH", ""), "HOME": os.environ.get("HOME", "/")}
    for _ in range(9 if nodes <= 100 else 3):
        with tempfile.TemporaryDirectory() as directory:
            output = os.path.join(directory, "plan.json")
            subprocess.run(
                [binary, "plan", "--timings", file, "--nodes", str(nodes), "--slots", "1", "--quiet",
                 "--save", output],
                check=True, env=environment,
            )
            with open(output) as stream:
                plan = json.load(stream)
        result = (plan["timing"]["planning"], plan["makespan"], plan["lowerBound"])
        best = min(best or result, result)
    return best


def pytest_split(python, file, nodes, algorithm):
    """Seconds and makespan, or why there are none."""
    try:
        process = subprocess.run(
            [python, "-c", SPLIT, file, str(nodes), algorithm, str(MEMORY_LIMIT)],
            capture_output=True, text=True, timeout=TIME_LIMIT,
        )
    except subprocess.TimeoutExpired:
        return f"not done in {TIME_LIMIT} s"
    if process.returncode != 0:
        words = process.stderr.strip().splitlines()
        last = words[-1] if words else f"exit code {process.returncode}"
        return "out of memory (4 GiB)" if "MemoryError" in last else last
    return tuple(json.loads(process.stdout))


def main():
    if len(sys.argv) < 3:
        sys.exit(__doc__)
    binary, python, sizes = os.path.abspath(sys.argv[1]), sys.argv[2], sys.argv[3:] or SIZES
    print("| units | nodes | planner | time | makespan / lower bound |")
    print("| ---: | ---: | --- | ---: | ---: |")
    for size in sizes:
        tests, nodes = (int(part) for part in size.split("x"))
        with tempfile.TemporaryDirectory() as directory:
            file = os.path.join(directory, "durations.json")
            with open(file, "w") as stream:
                json.dump(suite(tests, seed=tests), stream)
            seconds, makespan, bound = dt_ci(binary, file, nodes)
            head = f"| {tests:,} | {nodes:,} |"
            print(f"{head} dt-ci plan | {seconds * 1000:.1f} ms | {makespan / bound:.5f} |", flush=True)
            with open(file, "w") as stream:
                json.dump(with_chains(suite(tests, seed=tests)), stream)
            chained, makespan, bound = dt_ci(binary, file, nodes)
            ratio = f"{makespan / bound:.5f}"
            print(f"{head} dt-ci plan, 5% in chains | {chained * 1000:.1f} ms ({chained / seconds:.2f} ×) | {ratio} |", flush=True)
            with open(file, "w") as stream:
                json.dump(suite(tests, seed=tests), stream)
            for algorithm in ALGORITHMS:
                result = pytest_split(python, file, nodes, algorithm)
                if isinstance(result, str):
                    print(f"{head} pytest-split {algorithm} | {result} | – |", flush=True)
                else:
                    print(
                        f"{head} pytest-split {algorithm} | {result[0] * 1000:.1f} ms | {result[1] / bound:.5f} |",
                        flush=True,
                    )


if __name__ == "__main__":
    main()
