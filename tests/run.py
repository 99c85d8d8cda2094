#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Runs tests of one build folder and counts them.

  tests/run.py BUILD [--unit] [--system [MODULE[.STORY]…]] [--fuzz SECONDS] [--counts FILE]

Prints a line a test. With --counts the numbers of passed and failed ones are added to FILE, so that
several builds give one sum.
"""
import argparse
import concurrent.futures
import importlib
import os
import pathlib
import re
import subprocess
import sys
import time
import traceback

ROOT = pathlib.Path(__file__).resolve().parents[1]
UNIT_LIMIT_S, STORY_SLOW_S, MODULES_AT_ONCE = 300, 20, 3


class Tally:
    def __init__(self):
        self.passed, self.failed = 0, []

    def good(self, name, seconds):
        self.passed += 1
        print(f"ok    {name}" + (f"  ({seconds:.0f} s)" if seconds > STORY_SLOW_S else ""),
              flush=True)

    def bad(self, name, why):
        self.failed.append(name)
        print(f"FAIL  {name}\n{why}", flush=True)


def run_unit(build, tally):
    """cmocka's own lines say which stories ran and how they ended."""
    for program in sorted((build / "tests" / "unit").glob("test_*")):
        if not os.access(program, os.X_OK) or program.suffix:
            continue
        began = time.monotonic()
        done = subprocess.run([program], capture_output=True, text=True, timeout=UNIT_LIMIT_S,
                              errors="replace", cwd=ROOT)
        output = done.stdout + done.stderr
        stories = re.findall(r"^\[ +(OK|FAILED) +\] ([A-Za-z_]\w+)", output, re.M)
        good = {name for how, name in stories if how == "OK"}
        bad = {name.rstrip(":") for how, name in stories if how == "FAILED"} - good
        for name in sorted(good):
            tally.good(f"{program.name}: {name}", (time.monotonic() - began) / max(1, len(good)))
        for name in sorted(bad):
            tally.bad(f"{program.name}: {name}", "")
        if done.returncode != 0 or not good:
            tally.bad(f"{program.name}: exit {done.returncode}", output[-4000:])


def run_system(build, wanted, tally):
    os.environ["SAFAR_BUILD"] = str(build)
    sys.path.insert(0, str(ROOT / "tests" / "system"))
    for path in sorted((ROOT / "tests" / "system").glob("*_stories.py")):
        module = importlib.import_module(path.stem)
        for name, story in list(vars(module).items()):
            full = f"{path.stem}.{name}"
            if name.startswith("_") or getattr(story, "__module__", "") != path.stem or \
                    not callable(story):
                continue
            if wanted and path.stem not in wanted and full not in wanted:
                continue
            began = time.monotonic()
            try:
                story()
                tally.good(full, time.monotonic() - began)
            except Exception:  # a story's failure must not end the others
                tally.bad(full, traceback.format_exc())


def run_modules_side_by_side(build, tally):
    """Stories mostly wait for simulated networks: a few modules at once, a process each."""
    sys.path.insert(0, str(ROOT / "tests" / "system"))
    from world import with_us
    modules = [p.stem for p in (ROOT / "tests" / "system").glob("*_stories.py")]
    modules.sort(key=lambda m: m != "trouble_stories")  # the longest first
    with concurrent.futures.ThreadPoolExecutor(MODULES_AT_ONCE) as pool:
        def run(module):
            return subprocess.run(with_us(sys.executable, __file__, build, "--system", module),
                                  capture_output=True, text=True, errors="replace")
        for finished in concurrent.futures.as_completed([pool.submit(run, m) for m in modules]):
            done = finished.result()
            print(done.stdout + done.stderr, end="", flush=True)
            good = re.findall(r"^ok    (\S+)", done.stdout, re.M)
            bad = re.findall(r"^FAIL  (\S+)", done.stdout, re.M)
            tally.passed += len(good)
            tally.failed += bad or ([] if done.returncode == 0 else [done.args[-1]])


def run_fuzz(build, seconds, tally):
    for program in sorted((build / "tests" / "fuzz").glob("fuzz_*")):
        if not os.access(program, os.X_OK) or program.suffix:
            continue
        corpus = ROOT / "tests" / "fuzz" / "corpus" / program.name.removeprefix("fuzz_")
        found = build / "tests" / "fuzz" / f"{program.name}.found"
        found.mkdir(exist_ok=True)
        done = subprocess.run([program, f"-max_total_time={seconds}", "-timeout=10",
                               "-rss_limit_mb=2048", "-print_final_stats=0", "-verbosity=0",
                               f"-artifact_prefix={found}/", found, corpus],
                              capture_output=True, text=True, errors="replace")
        if done.returncode == 0 and corpus.is_dir() and any(corpus.iterdir()):
            tally.good(f"{program.name}: {seconds} s from {len(list(corpus.iterdir()))} seeds", 0)
        else:
            tally.bad(program.name, (done.stdout + done.stderr)[-4000:])


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("build", type=lambda p: pathlib.Path(p).resolve())
    parser.add_argument("--unit", action="store_true")
    parser.add_argument("--system", nargs="*", metavar="MODULE[.STORY]")
    parser.add_argument("--fuzz", type=int, metavar="SECONDS")
    parser.add_argument("--counts", type=pathlib.Path)
    given = parser.parse_args()
    tally = Tally()
    if given.unit:
        run_unit(given.build, tally)
    if given.system is not None:
        if given.system:
            run_system(given.build, given.system, tally)
        else:
            run_modules_side_by_side(given.build, tally)
    if given.fuzz:
        run_fuzz(given.build, given.fuzz, tally)
    if given.counts:
        with open(given.counts, "a") as out:
            out.write(f"{tally.passed} {len(tally.failed)}\n")
    for name in tally.failed:
        print(f"failed: {name}")
    return 1 if tally.failed or tally.passed == 0 else 0


if __name__ == "__main__":
    sys.exit(main())
