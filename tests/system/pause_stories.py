# SPDX-License-Identifier: GPL-3.0-or-later
"""How long a modem's process is waited for after it ended."""
import os
import re
import signal

from world import Failure, World, children, until


def _check(condition, what):
    if not condition:
        raise Failure(what)


def _ms(stamp):
    hours, minutes, seconds = stamp.split(":")
    return (int(hours) * 60 + int(minutes)) * 60000 + round(float(seconds) * 1000)


def _pauses(w):
    """From each end to the next start, as the log tells them."""
    found, ended = [], None
    for stamp, what in re.findall(r"^(\S+)Z safard: modem m0: (down|starting)", w.log.read_text(), re.M):
        if what == "down":
            ended = _ms(stamp)
        elif ended is not None:
            found.append(_ms(stamp) - ended)
            ended = None
    return found


def _end_it(w, how, times):
    for n in range(times):
        before = len(_pauses(w))
        os.kill(children(w.daemon.pid)[0], how)
        until("it is started again", lambda: len(_pauses(w)) > before)
        until("it is ready", lambda: w.links_are("ready"))


def pauses_grow_for_a_modem_that_gets_ready_and_dies_again_and_again():
    with World(moving_clock=True).start() as w:
        _end_it(w, signal.SIGSEGV, 5)  # as a fault of its own would
        grown = _pauses(w)
        _check(all(a < b for a, b in zip(grown, grown[1:])), grown)
        w.clock_goes_ahead(monotonic_s=130)  # it was ready for a steady while
        _end_it(w, signal.SIGSEGV, 1)
        _check(_pauses(w)[-1] < grown[1], _pauses(w))


def a_process_that_was_merely_killed_comes_back_at_once_each_time():
    with World(moving_clock=True).start() as w:
        _end_it(w, signal.SIGSEGV, 3)
        _end_it(w, signal.SIGKILL, 5)
        pauses = _pauses(w)
        _check(max(pauses[3:]) < pauses[2], pauses)


def a_hook_that_never_ends_is_ended_and_the_ladder_begins_again():
    with World(moving_clock=True) as w:
        hook = w.folder / "hook"
        hook.write_text(f"#!/bin/sh\necho $$ > {w.folder}/hooked\nexec sleep 100000\n")
        hook.chmod(0o755)
        w.links = {0: {"reset-hook": str(hook)}}
        w.write_config()
        w.start()
        w.tell("hang", 0, 3600000)
        until("the hook runs", lambda: (w.folder / "hooked").exists() and
              (w.folder / "hooked").read_text(), 180)
        pid = int((w.folder / "hooked").read_text())
        _check(pid in children(w.daemon.pid), "it is safard's")
        w.clock_goes_ahead(monotonic_s=61)
        until("its end is said", lambda: "it took too long" in w.log.read_text())
        _check(pid not in children(w.daemon.pid), "it runs on")
        w.tell("hang", 0, 0)
        until("it is back", lambda: w.links_are("ready"), 60)
