# SPDX-License-Identifier: GPL-3.0-or-later
"""What every measured program shares: the modem simulator, and what follows from its transcript.

All times come from the simulator's transcript: `us` is one clock for all modems, and the same rule
counts for Safar and for its peers.
"""
import json
import os
import pathlib
import platform
import shutil
import statistics
import subprocess
import tempfile
import time

ROOT = pathlib.Path(__file__).resolve().parents[2]
# 62 UTF-16 units: one UCS-2 part, without a letter that GSM-7 lacks a cheaper way for.
TEXT = "Едете работать за границу? Бесплатный совет: 11616, всегда."
QUESTION = "помогите"
HANDED_MS = 5


def number(i):
    return f"+770000{i:05d}"


def asker(i):
    return f"+770100{i:05d}"


class Air:
    """Simulated modems in a private folder, for programs that are not Safar."""

    def __init__(self, build, folder, modems, air_ms):
        self.build, self.folder = build, folder
        folder.mkdir()
        self.process = subprocess.Popen(
            [build / "modem-simulator", "--dir", folder, "--modems", str(modems),
             "--air-ms", str(air_ms)], stdout=subprocess.PIPE, text=True)
        self.process.stdout.readline()

    def tell(self, *command, limit=120):
        done = subprocess.run([self.build / "modem-simulator", "--dir", self.folder, "--tell",
                               *map(str, command)], capture_output=True, text=True, timeout=limit)
        return json.loads(done.stdout) if done.returncode == 0 else None

    def transcript(self):
        self.tell("count")  # behind the answer to it, all that came before stands in the file
        return read_transcript(self.folder)

    def close(self):
        self.process.terminate()
        self.process.wait(10)


def read_transcript(folder):
    # a line may be half written while the simulator runs
    lines = (folder / "transcript.jsonl").read_text().split("\n")[:-1]
    return [json.loads(line) for line in lines]


def sent_parts(events):
    """[(modem, first octet of AT+CMGS in µs, +CMGS in µs, to)], one a part that was accepted."""
    open_at, parts = {}, []
    for e in events:
        if e["event"] == "cmgs":
            open_at[e["modem"]] = e["octet_us"]
        elif e["event"] == "submit":
            parts.append((e["modem"], open_at.pop(e["modem"]), e["us"], e["to"]))
    return parts


def span_s(parts):
    """From the first octet of the first AT+CMGS to the last +CMGS."""
    return (max(p[2] for p in parts) - min(p[1] for p in parts)) / 1e6


def share_of_air(events, modems, air_ms):
    parts = sent_parts(events)
    return len(parts) * air_ms / 1000 / (modems * span_s(parts))


def answer_delays_ms(events, beyond_air=False):
    """From +CMTI to the first octet of the AT+CMGS whose text goes to whom it came from, by asker.

    beyond_air: what is on the air when +CMTI is told doesn't count: no modem can be interrupted.
    Nor does what goes on the air within HANDED_MS after it: that was on its way already.
    """
    asked, parts, came_from = {}, sent_parts(events), {}
    for e in events:
        if e["event"] == "mo":  # when +CMTI would come, for who polls the SIM instead
            came_from[e["modem"]] = e["from"]
            asked[e["from"]] = (e["modem"], e["us"])
        elif e["event"] == "cmti" and came_from.get(e["modem"]):
            asked[came_from.pop(e["modem"])] = (e["modem"], e["us"])
    delays = []
    for who, (modem, cmti) in asked.items():
        answer = min((p[1] for p in parts if p[3] == who and p[1] >= cmti), default=None)
        if answer is None:
            continue
        begin = cmti
        if beyond_air:
            begin = max([cmti] + [p[2] for p in parts if p[0] == modem and p[3] != who
                                 and p[1] <= cmti + HANDED_MS * 1000 and cmti < p[2]])
        delays.append((answer - begin) / 1000)
    return delays


def p95(values):
    return sorted(values)[max(0, -(-len(values) * 95 // 100) - 1)]


def fdatasync_ms(folder, count=200):
    """The median of write + fdatasync of 4 KiB each: what one durable commit costs at least."""
    path, took = pathlib.Path(folder) / "fdatasync.probe", []
    fd = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    try:
        for _ in range(count):
            began = time.perf_counter()
            os.write(fd, b"\0" * 4096)
            os.fdatasync(fd)
            took.append(time.perf_counter() - began)
    finally:
        os.close(fd)
        path.unlink()
    return statistics.median(took) * 1000


def private_folder(where=None):
    return pathlib.Path(tempfile.mkdtemp(prefix="safar-bench-", dir=where))


def filesystem(folder):
    done = subprocess.run(["df", "--output=fstype", folder], capture_output=True, text=True)
    return done.stdout.split()[-1] if done.returncode == 0 else "?"


def machine():
    cpu = next((line.split(":", 1)[1].strip() for line in open("/proc/cpuinfo")
                if line.startswith("model name")), platform.machine())
    commit = subprocess.run(["git", "-C", ROOT, "describe", "--always", "--dirty"],
                            capture_output=True, text=True).stdout.strip() or "?"
    return {"cores": os.cpu_count(), "cpu": cpu, "kernel": platform.release(), "commit": commit,
            "load": os.getloadavg()[0]}


def remove(folder):
    shutil.rmtree(folder, ignore_errors=True)
