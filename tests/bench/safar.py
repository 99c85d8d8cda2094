# SPDX-License-Identifier: GPL-3.0-or-later
"""Safar, measured: the daemon as it is, with its store on the disk that is named."""
import os
import statistics
import sys
import tempfile
import time

from measure import (QUESTION, ROOT, TEXT, answer_delays_ms, asker, number, read_transcript,
                     sent_parts, share_of_air, span_s)

sys.path.insert(0, str(ROOT / "tests" / "system"))
from world import World  # noqa: E402

TEXTS = {"ru": TEXT}


def _world(modems, air_ms, where=None):
    before, tempfile.tempdir = tempfile.tempdir, where
    try:
        return World(modems=modems, air_ms=air_ms, dlr_ms=100)
    finally:
        tempfile.tempdir = before


def _transcript(w):
    w.tell("count")  # behind the answer to it, all that came before stands in the file
    return read_transcript(w.air)


def _broadcast(modems, air_ms, parts, where=None):
    with _world(modems, air_ms, where).start() as w:
        w.broadcast([(number(i), "ru") for i in range(parts)], TEXTS)
        while w.tell("wait-total", parts, 60000, code=None) is None:
            pass
        return _transcript(w)


def share(modems, air_ms, parts):
    return share_of_air(_broadcast(modems, air_ms, parts), modems, air_ms)


def rate(parts, where=None):
    events = sent_parts(_broadcast(1, 0, parts, where))
    return len(events) / span_s(events)


def answers_ms(count):
    with _world(1, 60).start() as w:
        for i in range(count):
            w.tell("sms", 0, asker(i), QUESTION)
            w.tell("wait", asker(i), 1, 10000)
        return answer_delays_ms(_transcript(w))


def answers_under_broadcast_ms(count, queued, air_ms):
    """The broadcast is still far from its end when the last question is answered."""
    with _world(1, air_ms).start() as w:
        w.broadcast([(number(i), "ru") for i in range(queued)], TEXTS)
        for i in range(count):
            # at any moment of a part, not always at the same
            time.sleep(air_ms / 1000 * (i * 0.37 % 1))
            w.tell("sms", 0, asker(i), QUESTION)
            w.tell("wait", asker(i), 1, 20000)
        events = _transcript(w)
        w.kill()  # the rest of the broadcast would take minutes
        return answer_delays_ms(events, beyond_air=True)


def ussd_s(code, count):
    """None: this build has no such verb."""
    with _world(1, 0).start() as w:
        took = []
        for _ in range(count):
            began = time.monotonic()
            done = w.safar("ussd", "m0", code, code=None)
            if done.returncode != 0:
                return None
            took.append(time.monotonic() - began)
        return statistics.median(took)
