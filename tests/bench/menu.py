# SPDX-License-Identifier: GPL-3.0-or-later
"""USSD steps a second, beside a bare libmicrohttpd program that answers a constant: same threads, same
load generator, one after the other. npm's two menu libraries stand beside them where Node.js and the
packages are there; nothing is fetched:

  npm install --prefix BUILD express ussd-menu-builder ussd-builder     (if you want them)
  python3 tests/bench/menu.py BUILD [SECONDS]
  python3 tests/bench/menu.py BUILD --memory STEPS      is memory flat over so many?
"""
import json
import os
import pathlib
import shutil
import socket
import statistics
import subprocess
import sys
import tempfile
import time

ROOT = pathlib.Path(__file__).resolve().parents[2]
THREADS, CONNECTIONS, ROUNDS = 2, 64, 3
CONFIG = """[node]
data = {data}
[content]
messages = {root}/messages
locales = {root}/locales
allow-draft = kk,ru,uz,uz-Cyrl,ky,tg
[http]
listen = 127.0.0.1:{port}
threads = {threads}
[link at]
type = ussd
dialect = africastalking
[link ib]
type = ussd
dialect = infobip
"""


def free_port():
    with socket.socket() as s:
        s.bind(("127.0.0.1", 0))
        return s.getsockname()[1]


def wait_for(port):
    for _ in range(600):
        try:
            socket.create_connection(("127.0.0.1", port)).close()
            return
        except OSError:
            time.sleep(0.05)
    raise RuntimeError("nothing listens")


def rss_mib(pid):
    for line in pathlib.Path(f"/proc/{pid}/status").read_text().splitlines():
        if line.startswith("VmRSS"):
            return int(line.split()[1]) / 1024
    return 0.0


NPM = ("ussd-menu-builder", "ussd-builder")


def npm_environment(build):
    """Packages are looked for in the build folder, and where NODE_PATH says."""
    return dict(os.environ, NODE_PATH=os.pathsep.join(
        filter(None, [str(build / "node_modules"), os.environ.get("NODE_PATH")])))


def npm_missing(build):
    """What keeps npm's libraries from being measured; "": nothing."""
    if shutil.which("node") is None:
        return "Node.js is not installed"
    lacking = [name for name in ("express", *NPM) if subprocess.run(
        ["node", "-e", f"require({name!r})"], env=npm_environment(build),
        capture_output=True).returncode != 0]
    return f"not installed: {', '.join(lacking)} (npm install --prefix {build} " \
           f"{' '.join(lacking)})" if lacking else ""


class Menu:
    def __init__(self, build):
        self.build, self.folder = build, tempfile.TemporaryDirectory(prefix="safar-bench-")
        self.port, self.bare_port = free_port(), free_port()
        config = pathlib.Path(self.folder.name) / "safar.conf"
        config.write_text(CONFIG.format(data=self.folder.name + "/data", root=ROOT, port=self.port,
                                        threads=THREADS))
        self.safard = subprocess.Popen([build / "safard", "-c", config], stderr=subprocess.DEVNULL)
        self.bare = subprocess.Popen([build / "tests/bench/bare-http", str(self.bare_port),
                                      str(THREADS)], stdout=subprocess.DEVNULL)
        wait_for(self.port)
        wait_for(self.bare_port)

    def load(self, port, path, dialect, seconds, rate=0, opened=0):
        done = subprocess.run([self.build / "tests/bench/ussd-load", str(port), path, dialect,
                               str(CONNECTIONS), str(seconds), str(rate), str(opened)],
                              capture_output=True, text=True, check=True)
        figures = json.loads(done.stdout)
        if figures["refused"]:
            raise RuntimeError(f"{figures['refused']} steps were refused")
        return figures

    def beside(self, path, dialect, seconds):
        """(its rate, the bare program's), medians of rounds one after the other."""
        ours, bare = [], []
        for _ in range(ROUNDS):
            bare.append(self.load(self.bare_port, path, dialect, seconds)["rate"])
            ours.append(self.load(self.port, path, dialect, seconds)["rate"])
        return statistics.median(ours), statistics.median(bare)

    def p99_at_half(self, path, dialect, seconds, rate):
        return self.load(self.port, path, dialect, seconds, rate=rate / 2)["p99_ms"]

    def open_sessions_mib(self, count):
        before = rss_mib(self.safard.pid)
        self.load(self.port, "/ussd/ib", "infobip", 600, opened=count)
        return rss_mib(self.safard.pid) - before

    def npm_rate(self, library, seconds):
        """Steps/s of one of npm's, by the same load: the median of rounds."""
        port = free_port()
        node = subprocess.Popen(["node", ROOT / "tests/bench/npm_menu.js", library, str(port)],
                                env=npm_environment(self.build), stderr=subprocess.DEVNULL)
        try:
            wait_for(port)
            return statistics.median(self.load(port, "/ussd/at", "africastalking", seconds)["rate"]
                                     for _ in range(ROUNDS))
        finally:
            node.terminate()
            node.wait(30)

    def flat_mib(self, path, dialect, steps):
        """Resident after a tenth of so many steps, and after all of them."""
        done, first = 0, None
        while done < steps:
            done += self.load(self.port, path, dialect, 10)["answered"]
            if first is None and done >= steps / 10:
                first = rss_mib(self.safard.pid)
        return first, rss_mib(self.safard.pid), done

    def close(self):
        for p in (self.safard, self.bare):
            p.terminate()
            p.wait(30)
        self.folder.cleanup()


def npm_beside(menu, seconds):
    missing = npm_missing(menu.build)
    if missing:
        return [f"npm's libraries: {missing}"]
    return [f"npm's {library} with express {menu.npm_rate(library, seconds):,.0f}" for library in NPM]


def rows(build, seconds):
    """[(work, Safar, aim, what stands beside it)]."""
    menu = Menu(build)
    try:
        mib = menu.open_sessions_mib(10000)
        out = [("10,000 open USSD sessions, MiB more", f"{mib:.1f}", "40", "")]
        for path, dialect, what, aim in (
                ("/ussd/at", "africastalking", "that carries its history", 0.6),
                ("/ussd/ib", "infobip", "with a durable row", 0.3)):
            ours, bare = menu.beside(path, dialect, seconds)
            beside = [f"bare libmicrohttpd {bare:,.0f}"]
            if dialect == "africastalking":
                beside += npm_beside(menu, seconds)
            out.append((f"USSD steps/s {what} ({THREADS} threads; of the bare program's: "
                        f"{ours / bare:.0%})", f"{ours:,.0f}", f"{aim:.0%}", "; ".join(beside)))
            out.append((f"p99 at half of that, ms, {what}",
                        f"{menu.p99_at_half(path, dialect, seconds, ours):.2f}", "5", ""))
        return out
    finally:
        menu.close()


def memory(build, steps):
    """`menu.py BUILD --memory STEPS`: is it flat?"""
    menu = Menu(build)
    try:
        for path, dialect, count in (("/ussd/at", "africastalking", steps),
                                     ("/ussd/ib", "infobip", steps // 5)):
            first, last, done = menu.flat_mib(path, dialect, count)
            print(f"{dialect}: {done:,} steps; MiB resident after a tenth of them {first:.2f}, after "
                  f"all {last:.2f}", flush=True)
    finally:
        menu.close()


def main():
    build = pathlib.Path(sys.argv[1]).resolve()
    if "--memory" in sys.argv:
        memory(build, int(sys.argv[sys.argv.index("--memory") + 1]))
        return
    seconds = int(sys.argv[2]) if len(sys.argv) > 2 else 5
    print("| work | Safar | aim | beside it |\n| --- | --- | --- | --- |")
    for row in rows(build, seconds):
        print("| " + " | ".join(row) + " |")
    print(f"\n{os.cpu_count()} cores, load {os.getloadavg()[0]:.1f}")


if __name__ == "__main__":
    main()
