#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Measures how Safar drives modems, and its peers on the same simulator, and prints a table.

  make bench            everything: about ten minutes, most of it the peers' pace
  tests/bench/bench.py BUILD --quick
  tests/bench/bench.py BUILD --only share4,rate --no-peers

Build without sanitizers. Peers that aren't installed are named and left out (Debian packages
gammu-smsd, smstools, kannel). docs/measurements.md says what the figures mean.
"""
import argparse
import os
import pathlib
import statistics
import sys
import tempfile

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent))
import measure  # noqa: E402
import peers  # noqa: E402

UNKNOWN = "–"


def tell(text):
    print(text, file=sys.stderr, flush=True)


def median_of(runs, what):
    return statistics.median(what() for _ in range(runs))


class Bench:
    def __init__(self, given):
        self.given, self.rows, self.after = given, [], []
        import safar  # needs SAFAR_BUILD
        self.safar = safar

    def beside(self, what):
        """What each peer gets, in PEERS' order; a peer that fails says so and has no figure."""
        cells = []
        for peer in peers.PEERS:
            if not self.given.peers or peer.missing():
                cells.append(UNKNOWN)
                continue
            tell(f"  {peer.name} …")
            try:
                cells.append(what(peer))
            except (RuntimeError, OSError) as e:
                tell(f"  {peer.name}: {e}")
                cells.append(UNKNOWN)
        return cells

    def row(self, work, safar, aim, cells):
        self.rows.append([work, safar, aim, *cells])
        tell(f"{work}: {safar}   {' '.join(cells)}")

    # ---- rows
    def share(self, modems, air_ms, parts, aim, peer_parts):
        g = self.given
        value = median_of(g.runs, lambda: self.safar.share(modems, air_ms, parts))
        cells = [UNKNOWN] * len(peers.PEERS)
        if peer_parts:
            cells = self.beside(
                lambda p: f"{peers.share(p, g.build, modems, air_ms, peer_parts):.3f}")
        self.row(f"{modems} modems, {air_ms:,} ms of air, {parts} parts: share of the air used",
                 f"{value:.4f}", aim, cells)

    def rate(self):
        g = self.given
        disk = tempfile.gettempdir()
        value = median_of(g.runs, lambda: self.safar.rate(g.rate_parts, disk))
        sync = measure.fdatasync_ms(disk)
        cells = self.beside(lambda p: f"{peers.rate(p, g.build, g.peer_rate_parts):.2f}")
        self.row(f"one modem, no air time, {g.rate_parts} parts: parts/s, store on "
                 f"{measure.filesystem(disk)} (fdatasync {sync:.2f} ms)", f"{value:,.0f}", "1,000",
                 cells)
        if os.path.isdir("/dev/shm"):
            value = median_of(g.runs, lambda: self.safar.rate(g.rate_parts, "/dev/shm"))
            self.row("the same, store in memory (tmpfs)", f"{value:,.0f}", "",
                     [UNKNOWN] * len(peers.PEERS))

    def answer(self):
        g = self.given
        took = self.safar.answers_ms(g.questions)
        def peer(p):
            took = peers.answers_ms(p, g.build, g.peer_questions)
            return f"{statistics.median(took):,.0f}; {measure.p95(took):,.0f}" if took else UNKNOWN
        self.row(f"question's +CMTI → first octet of the answer, ms: median; p95 of {len(took)}",
                 f"{statistics.median(took):.1f}; {measure.p95(took):.1f}", "20", self.beside(peer))

    def answer_under_broadcast(self):
        g = self.given
        took = self.safar.answers_under_broadcast_ms(g.questions, g.queued, 60)
        self.row(f"the same with {g.queued:,} queued (60 ms of air), beyond the part on the air, "
                 f"ms: median; longest of {len(took)}",
                 f"{statistics.median(took):.1f}; {max(took):.1f}", "20",
                 [UNKNOWN] * len(peers.PEERS))

    def ussd(self):
        took = self.safar.ussd_s("*100#", 3)
        beside = [UNKNOWN] * len(peers.PEERS)
        if self.given.peers:
            other = peers.ussd_s(self.given.build, "*100#")
            beside[0] = f"{other:.1f}" if other is not None else UNKNOWN
        self.row("USSD *100# from the command line, s (gammu: `gammu getussd`)",
                 UNKNOWN if took is None else f"{took:.2f}", "1", beside)

    def menu(self):
        import menu
        for work, ours, aim, beside in menu.rows(self.given.build, 2 if self.given.quick else 5):
            self.row(f"{work}; {beside}" if beside else work, ours, aim, [UNKNOWN] * len(peers.PEERS))

    def languages(self):
        import languages
        self.after.append(languages.table(self.given.build, languages.texts_folder(None)))

    def all(self):
        q = self.given.quick
        return {
            "share4": lambda: self.share(4, 2500, 16 if q else 40, "0.998", 8 if q else 40),
            "share16": lambda: self.share(16, 500, 160, "0.98", 0),
            "rate": self.rate, "answer": self.answer, "broadcast": self.answer_under_broadcast,
            "ussd": self.ussd, "menu": self.menu, "languages": self.languages,
        }


def table(rows):
    names = ["work", "Safar", "aim", *(p.name for p in peers.PEERS)]
    lines = [names, ["---"] * len(names), *rows]
    return "\n".join("| " + " | ".join(line) + " |" for line in lines)


def main():
    parser = argparse.ArgumentParser(description=__doc__,
                                     formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("build", type=lambda p: pathlib.Path(p).resolve())
    parser.add_argument("--quick", action="store_true", help="small sizes, one run: 3 minutes")
    parser.add_argument("--no-peers", dest="peers", action="store_false")
    parser.add_argument("--only", help="share4,share16,rate,answer,broadcast,ussd,menu,languages")
    parser.add_argument("--runs", type=int, help="of each of Safar's figures; the median counts")
    parser.add_argument("--questions", type=int)
    parser.add_argument("--queued", type=int, help="messages of the broadcast behind a question")
    parser.add_argument("--rate-parts", type=int)
    given = parser.parse_args()
    for name, normal, quick in (("runs", 3, 1), ("questions", 50, 10), ("queued", 10000, 1000),
                                ("rate_parts", 500, 200)):
        if getattr(given, name) is None:
            setattr(given, name, quick if given.quick else normal)
    given.peer_rate_parts, given.peer_questions = (5, 3) if given.quick else (20, 10)
    os.environ["SAFAR_BUILD"] = str(given.build)
    config = (given.build / "config.log")
    if config.exists() and "-fsanitize" in config.read_text(errors="replace"):
        tell("this build has sanitizers: its figures say nothing about Safar")
        return 2
    bench = Bench(given)
    rows = bench.all()
    wanted = given.only.split(",") if given.only else list(rows)
    unknown = [name for name in wanted if name not in rows]
    if unknown:
        parser.error(f"no such row: {', '.join(unknown)}")
    for name in wanted:
        rows[name]()
    m = measure.machine()
    if bench.rows:
        print(table(bench.rows))
    for more in bench.after:
        print("\n" + more)
    print(f"\nCommit {m['commit']}, {m['cores']} cores ({m['cpu']}), Linux {m['kernel']}, "
          f"load {m['load']:.1f} at the end.")
    for peer in peers.PEERS:
        if given.peers and peer.missing():
            print(f"{peer.name}: not installed ({', '.join(peer.missing())})")
    return 0


if __name__ == "__main__":
    sys.exit(main())
