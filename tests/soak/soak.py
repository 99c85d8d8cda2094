#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Hours of bad luck: broadcasts and questions while processes are killed and modems pulled out.

  tests/soak/soak.py BUILD MINUTES [SEED]

Rounds of a few seconds each, until the time is over. After each round every message is counted by
number: each phone has it once, or it is in doubt and named. Prints a line a round and a summary.
"""
import os
import pathlib
import random
import signal
import sys
import time

ROOT = pathlib.Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "tests" / "system"))

PEOPLE, ASKERS, MODEMS, TROUBLES = 120, 8, 3, 5


def one_round(rng):
    """Gives (sent once, in doubt, answers, doubled answers, kills); raises at a loss or a double."""
    from world import BROADCAST, LANGUAGES, Failure, World, children, until
    kills = 0
    with World(modems=MODEMS, air_ms=rng.choice((0, 20, 60)), dlr_ms=rng.choice((-1, 30, 200))) as w:
        w.start()
        people = [(f"+7700000{i:04d}", LANGUAGES[i % 6]) for i in range(PEOPLE)]
        askers = [f"+7700001{i:04d}" for i in range(ASKERS)]
        w.broadcast(people)
        for i in range(TROUBLES):
            for asker in askers[i::TROUBLES]:
                w.tell("sms", rng.randrange(MODEMS), asker, "помогите")
            time.sleep(rng.uniform(0.05, 0.6))
            what = rng.choice(("daemon", "child", "unplug"))
            if what == "daemon":
                w.kill()
                w.start(ready=False)
                kills += 1
            elif what == "child":
                for pid in rng.sample(children(w.daemon.pid), k=1) if children(w.daemon.pid) else []:
                    os.kill(pid, signal.SIGKILL)
                    kills += 1
            else:
                modem = rng.randrange(MODEMS)
                w.tell("unplug", modem)
                time.sleep(rng.uniform(0, 0.3))
                w.tell("plug", modem)
        until("all links are ready", lambda: w.links_are("ready"), 90)
        w.settled(120)
        rows = w.outbox("--show-numbers")
        doubtful = {row["to"] for row in rows if row["state"] == "in_doubt"}
        for number, language in people:
            got = w.phone(number)
            copies = len(got) + sum(m["copies"] for m in got)
            if copies > 1 or (copies == 0 and number not in doubtful):
                raise Failure(f"…{number[-4:]} has it {copies} times")
            if got and got[0]["text"] != BROADCAST[language]:
                raise Failure(f"…{number[-4:]} has another text")
        answers = [len(w.wait_phone(asker, 1)) for asker in askers]
        resent = sum(1 for row in rows if row["lane"] == "answer" and row["resent"])
        if sum(answers) - len(askers) > resent:
            raise Failure(f"{sum(answers)} answers to {len(askers)} questions, {resent} resent")
        return PEOPLE - len(doubtful), len(doubtful), len(askers), sum(answers) - len(askers), kills


def main():
    os.environ["SAFAR_BUILD"] = str(pathlib.Path(sys.argv[1]).resolve())
    until_s = time.monotonic() + 60 * float(sys.argv[2])
    seed = int(sys.argv[3]) if len(sys.argv) > 3 else random.randrange(10 ** 6)
    total, rounds = [0] * 5, 0
    while time.monotonic() < until_s:
        figures = one_round(random.Random(seed + rounds))
        total = [a + b for a, b in zip(total, figures)]
        rounds += 1
        print(f"round {rounds} (seed {seed + rounds - 1}): sent {figures[0]}, in doubt {figures[1]}, "
              f"questions {figures[2]}, answered twice {figures[3]}, kills {figures[4]}", flush=True)
    print(f"{rounds} rounds, {total[4]} kills: {total[0]} messages once, {total[1]} in doubt and named, "
          f"none lost, none doubled; {total[2]} questions answered, {total[3]} of them twice and marked")
    return 0


if __name__ == "__main__":
    sys.exit(main())
