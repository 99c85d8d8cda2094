# SPDX-License-Identifier: GPL-3.0-or-later
"""kill -9 of any process at any moment loses no question and no accepted delivery, and doubles
nothing but a doubtful answer, once."""
import os
import random
import signal
import time

from world import BROADCAST, Failure, World, children, until

KILLS = 26  # of the daemon, and as many of modems' processes
POINTS = ["store-before-commit:4", "store-after-commit:4", "work-committed:3",
          "before-submit-frame:2", "after-submit-frame:2", "accepted-not-recorded:2",
          "before-delete-frame:1"]
CHILD_POINTS = ["modem-before-ctrl-z:2", "modem-after-ctrl-z:2", "modem-accepted:2",
                "modem-deleted:1"]


def _check(condition, what):
    if not condition:
        raise Failure(what)


def _numbers(n):
    return [f"+7700000{i:04d}" for i in range(n)]


def _each_once_or_named(w, numbers, text):
    """Counted by number: each message once, or in_doubt and named."""
    doubtful = {row["to"] for row in w.outbox("--show-numbers") if row["state"] == "in_doubt"}
    for number in numbers:
        got = w.phone(number)
        copies = sum(1 for m in got if m["text"] == text) + sum(m.get("copies", 0) for m in got)
        _check(copies <= 1, f"…{number[-4:]} got it {copies} times")
        _check(copies == 1 or number in doubtful, f"…{number[-4:]} lost, and not named")
    return doubtful


def _crash_at(point, child):
    """Given a broadcast that waits and a question on the SIM; when a process dies at the point."""
    with World(air_ms=20) as w:
        w.start()
        w.tell("unplug", 0)
        until("the link is down", lambda: not w.links_are("ready"))
        numbers = _numbers(8)
        asker = "+77000009999"
        w.broadcast([(n, "ru") for n in numbers])
        w.stop()
        w.tell("plug", 0)
        w.tell("sms", 0, asker, "помогите")
        w.start(ready=False, environment={"SAFAR_CRASH_AT": point})
        if child:
            until("the modem's process dies", lambda: "process ended" in w.log.read_text(), 20)
            w.kill()
        else:
            until("safard dies", lambda: w.daemon.poll() is not None, 20)
            _check(w.daemon.returncode == -signal.SIGKILL, w.daemon.returncode)
        w.start()
        w.settled(60)
        _each_once_or_named(w, numbers, BROADCAST["ru"])
        answers = w.wait_phone(asker, 1)
        rows = [row for row in w.outbox() if row["lane"] == "answer"]
        _check(len(rows) == 1, rows)
        _check(len(answers) == 1 or (len(answers) == 2 and rows[0]["resent"]),
               f"{len(answers)} answers, {rows}")
        until("the SIM is empty", lambda: not any(w.tell("sim", 0)["storage"]))


def a_crash_of_the_daemon_at_each_named_point_loses_and_doubles_nothing():
    for point in POINTS:
        try:
            _crash_at(point, False)
        except Failure as why:
            raise Failure(f"{point}: {why}") from why


def a_crash_of_the_modem_process_at_each_named_point_loses_and_doubles_nothing():
    for point in CHILD_POINTS:
        try:
            _crash_at(point, True)
        except Failure as why:
            raise Failure(f"{point}: {why}") from why


def a_report_that_came_before_its_reference_was_lost_leaves_no_doubt():
    """The process dies at each second +CMGS; the network's report was there first."""
    with World(dlr_ms=-1) as w:
        w.start(environment={"SAFAR_CRASH_AT": "modem-accepted:2"})
        numbers = _numbers(6)
        w.broadcast([(n, "ru") for n in numbers])
        w.safar("send", "+77000009999", "Ж" * 150)  # in parts: those that are missing go on
        w.settled(60)
        _check(w.log.read_text().count("process ended") >= 3, "it died")
        until("all are delivered", lambda: w.status()["deliveries"]["delivered"] == 7)
        _check(not _each_once_or_named(w, numbers, BROADCAST["ru"]), "nothing is in doubt")
        _check([m["text"] for m in w.phone("+77000009999")] == ["Ж" * 150], "the parts, once")


def kill_9_of_the_daemon_again_and_again_in_a_broadcast():
    rng = random.Random(1)
    with World(modems=2, air_ms=60).start() as w:
        numbers = _numbers(400)
        askers = [f"+77000008{i:03d}" for i in range(KILLS)]
        w.broadcast([(n, "ru") for n in numbers])
        for i in range(KILLS):
            w.tell("sms", i % 2, askers[i], "помогите")
            time.sleep(rng.uniform(0.2, 0.7))
            w.kill()
            w.start(ready=False)
        until("all links are ready", lambda: w.links_are("ready"), 60)
        w.settled(90)
        doubtful = _each_once_or_named(w, numbers, BROADCAST["ru"])
        _check(len(doubtful) <= 2 * KILLS, f"{len(doubtful)} in doubt")
        for asker in askers:
            _check(1 <= len(w.wait_phone(asker, 1)) <= 2, "answers")


def kill_9_of_the_modem_processes_again_and_again_in_a_broadcast():
    rng = random.Random(2)
    with World(modems=2, air_ms=60).start() as w:
        numbers = _numbers(400)
        asker = "+77000008001"
        w.broadcast([(n, "ru") for n in numbers])
        for i in range(KILLS):
            time.sleep(rng.uniform(0.1, 0.5))
            for child in children(w.daemon.pid)[i % 2:]:
                os.kill(child, signal.SIGKILL)
            if i == 6:
                w.tell("sms", 0, asker, "помогите")
        until("all links are ready", lambda: w.links_are("ready"), 60)
        w.settled(90)
        _each_once_or_named(w, numbers, BROADCAST["ru"])
        _check(1 <= len(w.wait_phone(asker, 1)) <= 2, "answers")


def a_long_text_goes_on_after_a_crash_where_it_was():
    text = "Длинный текст для проверки частей. " * 12
    with World(air_ms=150).start() as w:
        numbers = _numbers(3)
        w.broadcast([(n, "ru") for n in numbers], {"ru": text.strip()})
        until("a few parts are sent", lambda: w.status()["parts"]["sent"] >= 3)
        w.kill()
        w.start()
        w.settled(60)
        doubtful = {row["to"] for row in w.outbox("--show-numbers") if row["state"] == "in_doubt"}
        for number in numbers:
            got = [m for m in w.phone(number) if m["complete"]]
            _check(len(got) == 1 or number in doubtful, f"…{number[-4:]}: {len(got)} copies")
            _check(not got or got[0]["text"] == text.strip(), "the text is broken")


def kill_9_in_a_broadcast_of_long_texts_leaves_each_whole():
    """The parts of one text must come from one SIM, whichever of them was in doubt."""
    text = ("Длинный текст для проверки частей. " * 8).strip()
    rng = random.Random(3)
    with World(modems=3, air_ms=40).start() as w:
        numbers = _numbers(90)
        w.broadcast([(n, "ru") for n in numbers], {"ru": text})
        for _ in range(8):
            time.sleep(rng.uniform(0.2, 0.6))
            w.kill()
            w.start(ready=False)
        until("all links are ready", lambda: w.links_are("ready"), 60)
        w.settled(90)
        doubtful = {row["to"] for row in w.outbox("--show-numbers") if row["state"] == "in_doubt"}
        for number in numbers:
            whole = w.texts(number)  # a phone drops the copy of a part that was in doubt
            _check(whole == [text] or (not whole and number in doubtful),
                   f"…{number[-4:]} got {len(whole)} whole texts")


def sigterm_finishes_what_is_on_the_air():
    with World(air_ms=800).start() as w:
        numbers = _numbers(4)
        w.broadcast([(n, "ru") for n in numbers])
        until("one is on the air", lambda: w.status()["deliveries"]["submitting"] == 1)
        _check(w.stop() == 0, "exit")
        w.start()
        w.settled()
        _check(not _each_once_or_named(w, numbers, BROADCAST["ru"]), "something is in doubt")
