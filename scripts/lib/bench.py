"""The rows of scripts/bench: each measures dt-ci and its peers in turn, A B A B …, and gives medians."""

import argparse
import json
import os
import pathlib
import platform
import re
import resource
import shutil
import statistics
import subprocess
import sys
import time
import xml.etree.ElementTree

#: PyPI projects whose source distributions hold their tests.
PROJECTS = (("click", "8.5.1"), ("attrs", "26.1.0"))
ROOT = pathlib.Path(__file__).resolve().parents[2]


class Bench:
    def __init__(self, binary, work):
        self.binary = binary
        self.work = pathlib.Path(work)
        self.venv = self.work / "venv" / "bin"
        self.environment = {
            "HOME": os.environ["HOME"],
            "PATH": f"{self.venv}:{os.environ['PATH']}",
            "LC_ALL": "C.UTF-8",
            "PYTHONDONTWRITEBYTECODE": "1",
        }

    def once(self, command, directory=None, check=True, **more):
        """Wall seconds and peak memory in MB of one process and what it waited for."""
        start = time.perf_counter()
        process = subprocess.Popen(
            command, cwd=directory, env={**self.environment, **more}, stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, shell=isinstance(command, str))
        errors = process.stderr.read()
        _, status, usage = os.wait4(process.pid, 0)
        wall = time.perf_counter() - start
        if check and os.waitstatus_to_exitcode(status) != 0:
            sys.exit(f"{command} failed: {errors.decode()[-2000:]}")
        return wall, usage.ru_maxrss / 1024

    def pairs(self, runs, **commands):
        """Runs the commands in turn, `runs` times after one warm-up, and gives (median seconds, median MB) of each."""
        seen = {name: [] for name in commands}
        for turn in range(runs + 1):
            for name, command in commands.items():
                result = command() if callable(command) else self.once(command)
                if turn:
                    seen[name].append(result)
        return {
            name: (statistics.median(w for w, _ in results), statistics.median(m for _, m in results))
            for name, results in seen.items()
        }


def seconds(value):
    return f"{value * 1000:.1f} ms" if value < 1 else f"{value:.2f} s"


def verdict(good):
    return "yes" if good else "**no**"


def table(*rows):
    head, *rest = rows
    lines = ["| " + " | ".join(map(str, row)) + " |" for row in (head, ["---"] * len(head), *rest)]
    return "\n".join(lines)


def start(bench):
    size = os.path.getsize(bench.binary)
    packed = len(subprocess.run(["xz", "-6", "-T2", "-c", bench.binary], capture_output=True, check=True).stdout)
    found = bench.pairs(21, version=[bench.binary, "--version"], detect=[bench.binary, "detect"])
    return table(
        ["what", "measured", "budget", "within"],
        ["`dt-ci --version`", seconds(found["version"][0]), "15 ms", verdict(found["version"][0] <= 0.015)],
        ["`dt-ci detect`", seconds(found["detect"][0]), "20 ms", verdict(found["detect"][0] <= 0.020)],
        ["size, stripped", f"{size / 1e6:.1f} MB", "80 MB", verdict(size <= 80e6)],
        ["size, xz", f"{packed / 1e6:.1f} MB", "25 MB", verdict(packed <= 25e6)],
    )


def report_file(bench, megabytes):
    path = bench.work / f"junit-{megabytes}.xml"
    if not path.exists() or abs(path.stat().st_size / 1e6 / megabytes - 1) > 0.05:
        subprocess.run(
            [sys.executable, ROOT / "scripts/lib/make-junit.py", f"{megabytes}M", path], check=True)
    return str(path)


def ingest(bench):
    path = report_file(bench, 500)
    parser = "import sys, junitparser; print(sum(1 for s in junitparser.JUnitXml.fromfile(sys.argv[1]) for c in s))"
    found = bench.pairs(
        5,
        dtci=[bench.binary, "report", "--summary", path],
        stream=["xmllint", "--stream", "--noout", "--huge", path],
        sax=["xmllint", "--sax", "--noout", "--huge", path],
    )
    found["junitparser"] = bench.once([str(bench.venv / "python"), "-c", parser, path])
    best = found["stream"][0]
    return table(
        ["500 MB JUnit XML", "wall", "peak memory", "times `xmllint --stream`"],
        *(
            [label, seconds(found[key][0]), f"{found[key][1]:.0f} MB", f"{found[key][0] / best:.2f}"]
            for key, label in [
                ("dtci", "`dt-ci report --summary`"), ("stream", "`xmllint --stream --noout`"),
                ("sax", "`xmllint --sax --noout`"), ("junitparser", "junitparser (PyPI)")]
        ),
    ) + f"\n\nBudget: no slower than `xmllint --stream --noout`; within: {verdict(found['dtci'][0] <= best)}."


def memory(bench):
    rows = []
    for megabytes in (10, 500, 5000):
        path = report_file(bench, megabytes)
        wall, peak = bench.once([bench.binary, "report", "--summary", path])
        rows.append([f"{megabytes} MB", seconds(wall), f"{peak:.0f} MB"])
        if megabytes == 5000:
            os.unlink(path)
    return table(["`dt-ci report --summary`", "wall", "peak memory"], *rows)


def dispatch(bench):
    count = 2000
    configuration = (
        "version: 1\nsuites:\n  - name: noop\n    runner: command\n    command: [\"true\", \"{{tests}}\"]\n"
        f"    list: seq {count}\n    units-per-batch: 1\nrun:\n  slots: 2\n")
    root = bench.work / f"dispatch-{os.getpid()}"
    projects = (root / str(number) for number in range(100))

    def dtci():
        # Each run in a new directory: ext4 is slow to make directories just after many were removed.
        project = next(projects)
        project.mkdir(parents=True)
        (project / "dt-ci.yml").write_text(configuration)
        return bench.once([bench.binary, "run", "--quiet"], project)

    found = bench.pairs(
        5, dtci=dtci,
        xargs=f"seq {count} | xargs -P2 -n1 true",
        parallel=f"seq {count} | parallel -j2 true",
    )
    shutil.rmtree(root)
    return table(
        [f"{count} no-op batches, 2 slots", "wall", "a batch"],
        *([label, seconds(found[key][0]), seconds(found[key][0] / count)]
          for key, label in [("dtci", "`dt-ci run`"), ("xargs", "`xargs -P2 -n1`"), ("parallel", "GNU `parallel -j2`")]),
    ) + f"\n\nBudget: 1.0 ms a batch; within: {verdict(found['dtci'][0] / count <= 0.001)}."


def synthetic(bench):
    """400 tests of 10 ms in eight files, and four long poles in files of their own."""
    project = bench.work / "synthetic"
    shutil.rmtree(project, ignore_errors=True)
    (project / "tests").mkdir(parents=True)
    (project / "pytest.ini").write_text("[pytest]\ntestpaths = tests\n")
    short = "import time, pytest\n\n@pytest.mark.parametrize('n', range(50))\ndef test_short(n):\n    time.sleep(0.01)\n"
    for index in range(8):
        (project / "tests" / f"test_short_{index}.py").write_text(short)
    for index, pole in enumerate((1, 2, 2, 3)):
        (project / "tests" / f"test_zpole_{index}.py").write_text(
            f"import time\n\ndef test_pole():\n    time.sleep({pole})\n")
    return project


def pypi(bench, name, version):
    """The unpacked source distribution of a PyPI project, with itself installed for its tests."""
    project = bench.work / f"{name}-{version}"
    if not project.exists():
        subprocess.run(
            [bench.venv / "pip", "--quiet", "--disable-pip-version-check", "download", "--no-deps", "--no-binary",
             ":all:", "-d", bench.work, f"{name}=={version}"], check=True)
        archive = next(bench.work.glob(f"{name}-{version}.tar.gz"))
        subprocess.run(["tar", "xzf", archive, "-C", bench.work], check=True)
        subprocess.run(
            [bench.venv / "pip", "--quiet", "--disable-pip-version-check", "install", f"{name}=={version}"], check=True)
    return project


def pytest_rows(bench, label, project, runs):
    pytest = str(bench.venv / "pytest")
    plain = [pytest, "-q", "-p", "no:cacheprovider"]

    def cold():
        shutil.rmtree(project / ".dt-ci", ignore_errors=True)
        return bench.once([bench.binary, "run", "--quiet", "--slots", "2"], project, check=False)

    def warm():
        return bench.once([bench.binary, "run", "--quiet", "--slots", "2"], project, check=False)

    # The warm run follows the cold one directly: one run of history.
    found = bench.pairs(
        runs,
        alone=lambda: bench.once([*plain, "-p", "no:xdist"], project, check=False),
        load=lambda: bench.once([*plain, "-n", "2", "--dist", "load"], project, check=False),
        worksteal=lambda: bench.once([*plain, "-n", "2", "--dist", "worksteal"], project, check=False),
        cold=cold, warm=warm,
    )
    shutil.rmtree(project / ".dt-ci", ignore_errors=True)
    peer = min(found["load"][0], found["worksteal"][0])
    return [
        [label, *(seconds(found[key][0]) for key in ("alone", "load", "worksteal", "cold", "warm")),
         verdict(found["cold"][0] <= peer), verdict(found["warm"][0] <= peer)]
    ]


def pytest(bench):
    rows = pytest_rows(bench, "400 × 10 ms and 3, 2, 2, 1 s", synthetic(bench), 3)
    for name, version in PROJECTS:
        rows += pytest_rows(bench, f"{name} {version}, its own tests", pypi(bench, name, version), 3)
    return table(
        ["pytest, 2 slots", "pytest alone", "xdist `load`", "xdist `worksteal`", "dt-ci, first run", "dt-ci, second run",
         "first ≤ both xdist", "second ≤ both xdist"], *rows)


def outcomes_of(path):
    """(class, name) → outcome of every case of a JUnit file."""
    found = {}
    for case in xml.etree.ElementTree.parse(path).iter("testcase"):
        kinds = {child.tag for child in case}
        outcome = next((kind for kind in ("error", "failure", "skipped") if kind in kinds), "passed")
        found[case.get("classname"), case.get("name")] = outcome
    return found


def outcomes(bench):
    """The same outcome for every test as pytest alone gives it."""
    rows = []
    for name, version in PROJECTS:
        project = pypi(bench, name, version)
        shutil.rmtree(project / ".dt-ci", ignore_errors=True)
        alone = bench.work / f"{name}-alone.xml"
        bench.once(
            [str(bench.venv / "pytest"), "-q", "-p", "no:cacheprovider", "-p", "no:xdist", f"--junit-xml={alone}"],
            project, check=False)
        bench.once([bench.binary, "run", "--quiet", "--slots", "2"], project, check=False)
        ours, theirs = outcomes_of(project / ".dt-ci" / "junit.xml"), outcomes_of(alone)
        different = {key for key in ours.keys() | theirs.keys() if ours.get(key) != theirs.get(key)}
        for key in sorted(different, key=str)[:10]:
            print(f"{name}: {key}: pytest {theirs.get(key)}, dt-ci {ours.get(key)}", file=sys.stderr)
        rows.append([f"{name} {version}", len(theirs), len(ours), verdict(not different), len(different)])
    return table(["project", "tests, pytest alone", "tests, dt-ci", "same outcomes", "differences"], *rows)


def plan(bench):
    return subprocess.run(
        [str(bench.venv / "python"), ROOT / "scripts/lib/bench-plan.py", bench.binary, str(bench.venv / "python")],
        env=bench.environment, check=True, capture_output=True, text=True).stdout.strip()


def publish(bench):
    return subprocess.run(
        [sys.executable, ROOT / "scripts/lib/bench-publish.py", bench.binary],
        env=bench.environment, check=True, capture_output=True, text=True).stdout.strip()


def merge(bench):
    place = bench.work / "bundles-1000-1000000"
    if not (place / "complete").exists():
        shutil.rmtree(place, ignore_errors=True)
        subprocess.run(
            [sys.executable, ROOT / "scripts/lib/make-bundles.py", bench.binary, place, "1000", "1000000"], check=True,
            env=bench.environment)
        (place / "complete").touch()
    empty = bench.work / "merge"
    empty.mkdir(exist_ok=True)

    def merged(history):
        shutil.rmtree(empty / "results", ignore_errors=True)
        return bench.once(
            [bench.binary, "merge", place / "bundles", "--results", empty / "results", "--history", history,
             "--publish", "never", "--quiet"], directory=empty, check=False)

    found = bench.pairs(
        3, without=lambda: merged("sqlite:/proc/none/history.db"),
        recorded=lambda: merged(f"sqlite:{empty}/results/history.db"))
    rows = [
        ["1,000 bundles, 1,000,000 tests", seconds(found["without"][0]), f"{found['without'][1]:.0f} MB",
         "≤ 10 s, ≤ 300 MB", verdict(found["without"][0] <= 10 and found["without"][1] <= 300)],
        ["the same, and recorded in a new history", seconds(found["recorded"][0]), f"{found['recorded'][1]:.0f} MB",
         "–", "–"],
    ]
    return table(["`dt-ci merge`", "wall", "peak memory", "budget", "within"], *rows)


#: What each peer does with one badge; both are asked for as many as they make in about a second.
BADGE_PEERS = (
    ("anybadge", "1.16.0", "import anybadge\n"
     "def draw(n): return anybadge.Badge('tests', f'{n} passed', default_color='#4c1').badge_svg_text"),
    ("pybadges", "3.0.1", "import pybadges\n"
     "def draw(n): return pybadges.badge(left_text='tests', right_text=f'{n} passed', right_color='#4c1')"),
)


def badge_lines(bench, count):
    """A file of badges of all sorts, one a line."""
    path = bench.work / f"badges-{count}.jsonl"
    if not path.exists():
        colors = ("brightgreen", "red", "yellow", "4c1", "#007ec6")
        with open(path, "w") as file:
            file.writelines(
                json.dumps({"schemaVersion": 1, "label": ("tests", "build", "coverage")[n % 3],
                            "message": f"{n} passed", "color": colors[n % 5]}, separators=(",", ":")) + "\n"
                for n in range(count))
    return str(path)


def badges(bench):
    count = 2_000_000
    path = badge_lines(bench, count)
    styles = ("flat", "flat-square", "plastic", "for-the-badge", "social")
    found = bench.pairs(
        3, **{style: [bench.binary, "badge", "--from", path, "--style", style, "--output", "-"] for style in styles})
    rows = [
        [f"`dt-ci badge --from {count // 1000000} M lines --style {style}`", f"{count / found[style][0] / 1e6:.2f} M",
         f"{found[style][1]:.0f} MB", "≥ 1 M", verdict(count / found[style][0] >= 1e6)] for style in styles
    ]
    for name, version, script in BADGE_PEERS:
        subprocess.run(
            [bench.venv / "pip", "--quiet", "--disable-pip-version-check", "install", f"{name}=={version}", "setuptools"],
            check=True)
        script += "\nfor n in range(2000): str(draw(n))"
        wall, memory = bench.once([str(bench.venv / "python"), "-c", script])
        rows.append([f"{name} {version} (PyPI), 2,000 badges", f"{2000 / wall / 1e6:.4f} M", f"{memory:.0f} MB", "–", "–"])
    return table(["badges a second, whole process", "measured", "peak memory", "budget", "within"], *rows)


def results_file(bench, tests, failures):
    """A results.json as `dt-ci run` leaves it: so many tests, of which so many failed with a trace."""
    path = bench.work / f"results-{tests}-{failures}.json"
    if not path.exists():
        subprocess.run(
            [sys.executable, ROOT / "scripts/lib/make-results.py", str(tests), str(failures), path], check=True)
    return str(path)


def html(bench):
    path = results_file(bench, 100_000, 500)
    page = bench.work / "report.html"
    found = bench.pairs(
        5, page=[bench.binary, "report", path, "--html", "single", "--output", str(page)],
        reading=[bench.binary, "report", path, "--sections", "verdict"])
    size = page.stat().st_size
    wall, peak = found["page"]
    return table(
        ["100,000 tests, 500 failed", "wall", "peak memory", "size", "budget", "within"],
        ["`dt-ci report --html single`", seconds(wall), f"{peak:.0f} MB", f"{size / 1e6:.1f} MB", "≤ 1.5 s, ≤ 25 MB",
         verdict(wall <= 1.5 and size <= 25e6)],
        ["of that reading", seconds(found["reading"][0]), f"{found['reading'][1]:.0f} MB", "–", "–", "–"],
    )


def markdown(bench):
    path = results_file(bench, 1_000_000, 500)
    output = str(bench.work / "report.md")
    command = [bench.binary, "report", path, "--format", "markdown", "--output", output]
    # The verdict alone needs the same reading and next to no rendering.
    found = bench.pairs(5, reading=[*command, "--sections", "verdict"], report=command)
    rendering = found["report"][0] - found["reading"][0]
    return table(
        ["1,000,000 tests, 500 failed", "wall", "peak memory", "budget", "within"],
        ["`dt-ci report --format markdown`", seconds(found["report"][0]), f"{found['report'][1]:.0f} MB", "–", "–"],
        ["reading, with the verdict alone", seconds(found["reading"][0]), f"{found['reading'][1]:.0f} MB", "–", "–"],
        ["rendering, the difference", seconds(max(0, rendering)), "–", "≤ 300 ms", verdict(rendering <= 0.3)],
    )


def store(bench):
    """A tree of many small files, and one of few large ones."""
    rows = []
    for title, files, size in (("20,000 files of 8 kB", 20_000, 8_000), ("8 files of 64 MB", 8, 64_000_000)):
        tree = bench.work / f"tree-{files}-{size}"
        if not (tree / "complete").exists():
            shutil.rmtree(tree, ignore_errors=True)
            for number in range(files):
                place = tree / "in" / f"{number % 100:02}"
                place.mkdir(parents=True, exist_ok=True)
                (place / f"file-{number}.bin").write_bytes(os.urandom(size))
            (tree / "complete").touch()
        copy = bench.work / "store-copy"

        def put():
            shutil.rmtree(copy, ignore_errors=True)
            return bench.once([bench.binary, "artifacts", "put", "tree", tree / "in", "--store", copy, "--quiet"])

        def peers():
            shutil.rmtree(copy, ignore_errors=True)
            return bench.once(
                f"cp -r '{tree}/in' '{copy}' && find '{tree}/in' -type f -print0 | xargs -0 sha256sum > /dev/null")

        found = bench.pairs(5, dtci=put, peers=peers)
        (ours, peak), (theirs, _) = found["dtci"], found["peers"]
        rows.append([
            title, seconds(theirs), seconds(ours), f"{peak:.0f} MB", f"{theirs / ours:.2f} ×", verdict(theirs / ours >= 0.7)])
        shutil.rmtree(copy, ignore_errors=True)
    return table(
        ["tree", "`cp -r` and `sha256sum`", "`dt-ci artifacts put`", "peak memory", "speed", "≥ 0.7 ×"], *rows)


ROWS = {
    "start": ("Start-up and size", start),
    "ingest": ("JUnit ingest", ingest),
    "memory": ("Memory while reading", memory),
    "dispatch": ("Local dispatch", dispatch),
    "outcomes": ("The same outcomes as pytest alone", outcomes),
    "pytest": ("A real pytest suite", pytest),
    "plan": ("Planning", plan),
    "publish": ("Publishing", publish),
    "merge": ("Merging", merge),
    "badges": ("Badges", badges),
    "html": ("The page", html),
    "markdown": ("Markdown", markdown),
    "store": ("The artifact store", store),
}


def machine():
    model = re.search(r"model name\s*: (.*)", pathlib.Path("/proc/cpuinfo").read_text())
    memory_kb = int(re.search(r"MemTotal:\s*(\d+)", pathlib.Path("/proc/meminfo").read_text())[1])
    return (
        f"{os.cpu_count()} × {model[1] if model else platform.machine()}, {memory_kb / 2**20:.0f} GiB, "
        f"{platform.system()} {platform.release()}, Python {platform.python_version()}")


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--binary", required=True)
    parser.add_argument("--work", required=True)
    parser.add_argument("--output", required=True)
    parser.add_argument("rows", nargs="*", metavar="ROW", help=" ".join(ROWS))
    options = parser.parse_args()
    if unknown := set(options.rows) - set(ROWS):
        parser.error(f"no such row: {', '.join(unknown)}; there are {', '.join(ROWS)}")
    bench = Bench(options.binary, options.work)
    store = bench.work / "results.json"
    results = json.loads(store.read_text()) if store.exists() else {}
    for name in options.rows or ROWS:
        print(f"{name} …", file=sys.stderr, flush=True)
        results[name] = ROWS[name][1](bench)
        store.write_text(json.dumps(results))
        print(results[name], flush=True)
    parts = [f"## {title}\n\n{results[name]}\n" for name, (title, _) in ROWS.items() if name in results]
    pathlib.Path(options.output).write_text(
        "# Measured\n\nWritten by `scripts/bench`; medians of runs in turn on one machine.\n\n"
        f"Machine: {machine()}.\n\n" + "\n".join(parts))


if __name__ == "__main__":
    main()
