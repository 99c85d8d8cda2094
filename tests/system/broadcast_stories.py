# SPDX-License-Identifier: GPL-3.0-or-later
"""A long broadcast is written piece by piece; a crash in between leaves all of it or nothing."""
import json
import signal
import subprocess

from world import BROADCAST, Failure, World, until

PEOPLE = 1700  # more than three pieces of 500


def _check(condition, what):
    if not condition:
        raise Failure(what)


def _ask(w, *args):
    csv, message = w.folder / "people.csv", w.folder / "message.json"
    csv.write_text("phone,language\n" + "".join(f"+7701{i:07d},ru\n" for i in range(PEOPLE)))
    message.write_text(json.dumps({"texts": {"ru": BROADCAST["ru"]}}, ensure_ascii=False))
    return subprocess.Popen([w.build / "safar", "-c", w.config, "broadcast", "--csv", csv,
                             "--message", message, "--consent", "on paper", "--yes", "--override",
                             "a test", "--json", *args], stdout=subprocess.DEVNULL,
                            stderr=subprocess.DEVNULL, stdin=subprocess.DEVNULL)


def _given_a_crash(w, point, *args):
    w.start(environment={"SAFAR_CRASH_AT": point})
    asking = _ask(w, *args)
    until("safard dies", lambda: w.daemon.poll() is not None, 30)
    _check(w.daemon.returncode == -signal.SIGKILL, w.daemon.returncode)
    return asking


def _then_each_got_it_once(w):
    deliveries = w.settled(60)
    messages = w.tell("count")["messages"]
    _check(PEOPLE - deliveries["in_doubt"] <= messages <= PEOPLE, f"{messages}: {deliveries}")
    _check(deliveries["in_doubt"] <= 1, deliveries)
    for i in range(0, PEOPLE, 50):
        _check(len(w.texts(f"+7701{i:07d}")) <= 1, "one got it twice")


def a_broadcast_that_is_asked_for_again_after_a_crash_is_sent_once():
    for point in ("broadcast-part-written:2", "broadcast-released:1", "broadcast-part-let-go:2"):
        with World() as w:
            asking = _given_a_crash(w, point, "--wait")
            w.start()
            try:
                asking.wait(90)
            except subprocess.TimeoutExpired as why:
                asking.kill()
                raise Failure(f"{point}: the command line waits for ever") from why
            _then_each_got_it_once(w)


def a_broadcast_that_was_written_by_half_is_never_sent():
    with World() as w:
        asking = _given_a_crash(w, "broadcast-part-written:3")
        asking.kill()
        asking.wait()
        w.start()
        w.settled(60)
        _check(w.tell("count")["messages"] == 0, w.tell("count"))
        _check(sum(w.status()["deliveries"].values()) == 0, w.status())
        _check(_ask(w, "--wait").wait(90) == 0, "a new one does not go")
        _then_each_got_it_once(w)


def a_broadcast_that_was_released_is_sent_though_nobody_asks_again():
    for point in ("broadcast-released:1", "broadcast-part-let-go:2"):
        with World() as w:
            asking = _given_a_crash(w, point)
            asking.kill()
            asking.wait()
            w.start()
            _then_each_got_it_once(w)
