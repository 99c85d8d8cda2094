# SPDX-License-Identifier: GPL-3.0-or-later
"""Modems as they really are: they hang, chatter, fall silent, lose the network; and what comes in out
of order, doubled or late. Each message is counted by its number: once, or in doubt and named."""
import os

from world import Failure, World, until


def _check(condition, what):
    if not condition:
        raise Failure(what)


def _numbers(count, first=0):
    return [f"+77{first + i:09d}" for i in range(count)]


def _people(count):
    return [(n, "ru") for n in _numbers(count)]


def _link(w, i=0):
    links = (w.status(check=False) or {}).get("links") or []
    return links[i] if len(links) > i else {"state": "", "reason": "", "on_air": False}


def _each_once_or_in_doubt(w, count):
    """All phones together: none has a message twice, and who has none is told of as in doubt."""
    w.settled(120)
    got = [len(w.texts(n)) for n in _numbers(count)]
    _check(max(got) <= 1, f"{sum(g > 1 for g in got)} people have it twice")
    doubts = w.status()["deliveries"]["in_doubt"]
    named = sum(row["state"] == "in_doubt" for row in w.outbox())
    _check(named == doubts, f"{doubts} in doubt, {named} named")
    _check(got.count(0) <= doubts, f"{got.count(0)} people have nothing, {doubts} are in doubt")
    return doubts


def _hang_on_the_air(w, ms):
    """Not between its prompt and the text: what a modem swallows then is in doubt for good."""
    until("one is on the air", lambda: w.tell("sim", 0)["on_air"])
    w.tell("hang", 0, ms)


# ---- hanging, chattering, mute for good

def a_hang_of_20_s_in_mid_broadcast_loses_and_doubles_nothing():
    with World(air_ms=300).start() as w:
        w.broadcast(_people(30))
        until("some are sent", lambda: w.status()["parts"]["sent"] >= 5)
        _hang_on_the_air(w, 20000)
        until("it is slow", lambda: _link(w)["state"] == "slow", 14)
        _check("10 s" in _link(w)["reason"], _link(w))
        until("it is back", lambda: w.links_are("ready"), 45)
        _check(_each_once_or_in_doubt(w, 30) == 0, "the late answer settles it")
        _check(w.daemon.poll() is None, "the daemon was started again")


def a_hang_while_a_part_is_asked_for_loses_nothing():
    with World().start() as w:
        w.tell("hang", 0, 8000)
        w.broadcast(_people(5))  # the prompt never comes: nothing was on the air
        _check(_each_once_or_in_doubt(w, 5) == 0, "nothing is in doubt")


def chatter_without_answers_ends_at_the_commands_deadline():
    with World().start() as w:
        w.tell("chatter", 0, 3600000)
        w.tell("hang", 0, 3600000)
        until("it is mute, however noisy", lambda: "mute" in _link(w)["reason"], 45)
        w.tell("hang", 0, 0)
        until("it is back, noisy as it is", lambda: w.links_are("ready"), 45)
        w.safar("send", "+77000000001", "hello")
        w.wait_phone("+77000000001", 1)


def chatter_without_an_answer_to_a_part_is_a_doubt_after_90_s():
    with World(air_ms=1000).start() as w:
        w.broadcast(_people(3))
        until("one is on the air", lambda: _link(w)["on_air"])
        w.tell("chatter", 0, 3600000)
        w.tell("hang", 0, 3600000)
        until("it is in doubt", lambda: w.status()["deliveries"]["in_doubt"] == 1, 110)
        w.tell("chatter", 0, 0)
        w.tell("hang", 0, 0)
        until("it is back", lambda: w.links_are("ready"), 60)
        _each_once_or_in_doubt(w, 3)


def a_modem_that_at_does_not_wake_is_restarted():
    with World().start() as w:
        w.tell("wedge", 0)
        until("the restart is named", lambda: "CFUN" in _link(w)["reason"], 90)
        until("it is back", lambda: w.links_are("ready"), 60)
        w.safar("send", "+77000000001", "hello")
        w.wait_phone("+77000000001", 1)


def a_modem_mute_for_good_goes_up_the_ladder_to_the_hook():
    with World() as w:
        hook = w.folder / "hook"
        hook.write_text(f"#!/bin/sh\n[ $# = 1 ] && echo \"$1\" >> {w.folder}/hooked\n"
                        f"exec {w.build}/modem-simulator --dir {w.air} --tell hang 0 0\n")
        hook.chmod(0o755)
        w.links = {0: {"reset-hook": str(hook)}}
        w.write_config()
        w.start()
        w.tell("hang", 0, 3600000)
        seen = []

        def is_back():
            link = _link(w)
            if link["reason"].startswith("mute") and link["reason"] not in seen:
                seen.append(link["reason"])
            return (w.folder / "hooked").exists() and link["state"] == "ready"
        until("the hook brings it back", is_back, 180)
        _check((w.folder / "hooked").read_text() == "m0\n", "the link's name is its only argument")
        steps = " | ".join(seen)
        _check(all(word in steps for word in ("AT |", "CFUN", "port")), steps)
        log = w.log.read_text()
        places = [log.find(word) for word in ("trying AT\n", "AT+CFUN=1,1", "closing and opening",
                                              "no USB port", "running the reset hook")]
        _check(-1 not in places and places == sorted(places), places)
        _check(w.daemon.poll() is None, "the daemon was started again")
        w.safar("send", "+77000000001", "hello")
        w.wait_phone("+77000000001", 1)


def a_hook_that_is_not_there_is_said_and_the_ladder_begins_again():
    with World(links={0: {"reset-hook": "/nonexistent/hook"}}).start() as w:
        w.tell("hang", 0, 3600000)
        until("it is said", lambda: "reset hook" in w.log.read_text(), 180)
        until("AT is tried again", lambda: w.log.read_text().count("trying AT\n") == 2, 60)


def another_modem_takes_over_what_a_mute_one_had_queued():
    with World(modems=2, air_ms=300).start() as w:
        w.broadcast(_people(40))
        until("both send", lambda: w.tell("count")["submitted"] >= 6)
        _hang_on_the_air(w, 3600000)
        until("the other sends the rest", lambda: w.status()["deliveries"]["queued"] == 0, 30)
        w.tell("hang", 0, 0)
        until("it is back", lambda: w.links_are("ready"), 60)
        _check(_each_once_or_in_doubt(w, 40) == 0, "the late answer settles it")


# ---- network, SIM

def the_network_goes_away_and_comes_back():
    with World().start() as w:
        w.tell("set", 0, "registered", 2)
        until("it is told", lambda: "network" in _link(w)["reason"], 10)
        w.broadcast(_people(5))
        w.tell("set", 0, "registered", 1)
        until("it is ready", lambda: w.links_are("ready"), 20)
        _check(_each_once_or_in_doubt(w, 5) == 0, "nothing is in doubt")


def a_modem_that_was_unplugged_asks_for_its_pin_and_gets_it():
    with World(options=["--pin", "4321"], links={0: {"pin": "4321"}}).start() as w:
        w.tell("unplug", 0)
        until("it is shown", lambda: _link(w)["state"] in ("down", "starting"))
        w.tell("plug", 0)
        until("it is back", lambda: w.links_are("ready"), 60)
        _check(w.tell("sim", 0)["tries_left"] == 3, "one try a start")


def a_sim_that_wants_its_puk_says_so_and_is_left_alone():
    with World(options=["--pin", "4321"], links={0: {"pin": "4321"}}) as w:
        port = os.open(w.air / "modem0", os.O_RDWR | os.O_NOCTTY)
        for _ in range(3):
            os.write(port, b'AT+CPIN="9999"\r')
            seen = b""
            while b"ERROR" not in seen:
                seen += os.read(port, 500)
        os.close(port)
        w.start(ready=False)
        until("it is said", lambda: "PUK" in _link(w)["reason"])
        _check(w.tell("sim", 0)["pin"] == "puk", "nothing is tried")


def each_refusal_of_the_network_ends_well_or_is_named():
    later = [21, 38, 41, 42, 302, 322, 331, 500]
    never = {1: "bad_number", 8: "barred", 28: "bad_number"}
    with World().start() as w:
        numbers = _numbers(len(never))
        for number, (code, _) in zip(numbers, never.items()):
            w.tell("bar", number, code)
            w.safar("send", number, "hello")
        until("they have failed", lambda: w.status()["deliveries"]["failed"] == len(never))
        for row, word in zip(reversed(w.outbox()), never.values()):
            _check(row["reason"] == word, row)
        waiting = _numbers(len(later), 100)
        for number, code in zip(waiting, later):
            w.tell("bar", number, code)
            w.safar("send", number, "hello")
        w.safar("send", "+77000000999", "the others hold up nobody")
        w.wait_phone("+77000000999", 1, 40)
        for number in waiting:
            w.tell("unbar", number)
        for number in waiting[1:]:  # the first waits for a minute and longer
            w.wait_phone(number, 1, 60)


def a_refusal_that_tells_little_is_tried_again_in_a_minute_and_holds_up_nobody():
    codes = {27: "later", 111: "unknown", 127: "unknown"}
    with World(moving_clock=True).start() as w:
        numbers = _numbers(len(codes))
        for number, code in zip(numbers, codes):
            w.tell("bar", number, code)
            w.safar("send", number, "hello")
        w.safar("send", "+77000000999", "the others hold up nobody")
        w.wait_phone("+77000000999", 1)
        rows = {row["to"]: row for row in w.outbox("--show-numbers")}
        for number, word in zip(numbers, codes.values()):
            _check((rows[number]["state"], rows[number]["reason"]) == ("queued", word), rows[number])
        for number in numbers:
            w.tell("unbar", number)
        w.clock_goes_ahead(wall_s=61)
        for number in numbers:
            w.wait_phone(number, 1)
        _check(_link(w)["state"] == "ready", "the modem isn't to blame")


# ---- reports

def references_wrap_and_late_reports_find_their_part():
    with World(dlr_ms=4000).start() as w:
        w.broadcast(_people(300))
        until("all are sent", lambda: w.status()["parts"]["sent"] == 300, 120)
        until("all are delivered", lambda: w.status()["deliveries"]["delivered"] == 300, 60)
        _check(w.status()["parts"]["delivered"] == 300, w.status()["parts"])


def lost_reports_leave_it_accepted_and_others_right():
    with World().start() as w:
        w.tell("dlr", "off")
        w.safar("send", "+77000000001", "hello")
        w.wait_phone("+77000000001", 1)
        until("it is accepted", lambda: w.status()["deliveries"]["accepted"] == 1)
        w.tell("dlr", "on")
        w.safar("send", "+77000000002", "hello")
        until("the other is delivered", lambda: w.status()["deliveries"]["delivered"] == 1)
        _check(w.status()["deliveries"]["accepted"] == 1, "the lost one is as it was")


# ---- what comes in

def _semi_octets(digits):
    digits += "F" * (len(digits) % 2)
    return "".join(b + a for a, b in zip(digits[::2], digits[1::2]))


def _part(sender, ref, total, seq, units):
    """An SMS-DELIVER in hex: UCS-2, one part of several; `units` is UTF-16BE."""
    data = bytes([5, 0, 3, ref, total, seq]) + units
    import time
    when = time.strftime("%y%m%d%H%M%S", time.gmtime(time.time() + 5 * 3600))
    return ("07919701000000F0" + "44" + f"{len(sender) - 1:02X}91" + _semi_octets(sender[1:]) +
            "0008" + _semi_octets(when) + "02" + f"{len(data):02X}" + data.hex().upper())


def _units(text):
    return text.encode("utf-16-be")


def parts_come_in_any_order_and_doubled_and_from_two_at_once():
    with World().start() as w:
        one, two = "+77000000001", "+77000000002"
        text = "помогите мне пожалуйста"
        cut = [_units(text[i:i + 8]) for i in range(0, len(text), 8)]
        for seq in (3, 1, 1, 3, 2):  # reference 7 of two people, in turns
            w.tell("sms-pdu", 0, _part(one, 7, 3, seq, cut[seq - 1]))
            if seq != 2:
                w.tell("sms-pdu", 0, _part(two, 7, 3, seq, cut[seq - 1]))
        w.wait_phone(one, 1)
        _check(w.status()["inbox"]["received"] == 1, "the other's is not whole yet")
        w.tell("sms-pdu", 0, _part(two, 7, 3, 2, cut[1]))
        w.wait_phone(two, 1)
        _check(len(w.texts(one)) == 1 and w.status()["inbox"]["received"] == 2, w.status()["inbox"])
        until("the SIM is empty", lambda: not w.tell("sim", 0)["storage"])


def an_emoji_that_two_parts_cut_is_whole_again_or_harmless():
    with World().start() as w:
        units = _units("помогите 😀 пожалуйста")
        at = units.index(_units("😀")) + 2
        asker = "+77000000001"
        w.tell("sms-pdu", 0, _part(asker, 9, 2, 2, units[at:]))
        w.tell("sms-pdu", 0, _part(asker, 9, 2, 1, units[:at]))
        w.wait_phone(asker, 1)
        until("the SIM is empty", lambda: not w.tell("sim", 0)["storage"])


def a_message_of_255_parts_is_one_message():
    with World().start() as w:
        asker = "+77000000001"
        for seq in range(255, 0, -1):
            until("a slot is free", lambda: len(w.tell("sim", 0)["storage"]) < 15)
            w.tell("sms-pdu", 0, _part(asker, 200, 255, seq, _units("помогите ")))
        w.wait_phone(asker, 1, 30)
        _check(w.status()["inbox"]["received"] == 1 and len(w.texts(asker)) == 1, w.status()["inbox"])


def a_full_sim_empties_itself():
    with World(options=["--slots", "5"]) as w:
        askers = _numbers(12)
        for number in askers:
            w.tell("sms", 0, number, "помогите")
        _check(len(w.tell("sim", 0)["storage"]) == 5, "it is full")
        w.start()
        for number in askers:
            w.wait_phone(number, 1)
        _check([len(w.texts(n)) for n in askers] == [1] * 12, "each is answered once")
        until("the SIM is empty", lambda: not w.tell("sim", 0)["storage"])


# ---- sandbox

def what_confines_a_modems_process_is_shown():
    with World().start() as w:
        _check(_link(w)["sandbox"] in ("seccomp", "seccomp+landlock"), _link(w))
        _check("seccomp" in w.safar("status").stdout, "the table shows it, too")


# ---- recorded, at a safe pace

def the_dialogue_is_recorded_without_people_and_the_link_is_held_between_parts():
    with World() as w:
        record = w.folder / "m0.record"
        w.links = {0: {"record": str(record)}}
        w.write_config()
        w.start()
        w.safar("send", "+77000000001", "Ж" * 150)
        w.tell("sms", 0, "+77025550077", "помогите")
        w.wait_phone("+77000000001", 1)
        w.wait_phone("+77025550077", 1)
        w.settled()
        w.stop()
        text = record.read_text()
        _check(record.stat().st_mode & 0o777 == 0o600, oct(record.stat().st_mode))
        _check("> AT+CMMS=2" in text and "> AT+CMMS=0" in text, "the link is held between parts")
        _check(text.index("> AT+CMMS=2") < text.index("> AT+CMGS="), "before the first of them")
        sim = w.tell("sim", 0)
        for secret in (sim["imei"], sim["imsi"], sim["iccid"], "7700000001", "5550077",
                       "0777000000", "0416"):
            _check(secret not in "\n".join(l.split(" ", 1)[1] for l in text.splitlines()), secret)


def a_safe_pace_works():
    with World(options=["--model", "plain"], links={0: {"pace": "safe"}}).start() as w:
        w.safar("send", "+77000000001", "Ж" * 150)
        w.tell("sms", 0, "+77000000002", "помогите")
        w.wait_phone("+77000000001", 1)
        w.wait_phone("+77000000002", 1)
