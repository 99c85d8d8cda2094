# SPDX-License-Identifier: GPL-3.0-or-later
"""What a modem and its SIM do: PINs, refusals, long texts, lifetimes, trouble."""
import contextlib
import os
import sqlite3
import termios
import time

import pdus
from world import ROOT, Failure, World, until


def _check(condition, what):
    if not condition:
        raise Failure(what)


def _reason(w):
    """Of a link that is down; "" while safard isn't up."""
    link = ((w.status(check=False) or {}).get("links") or [{"state": "", "reason": ""}])[0]
    return link["reason"] if link["state"] == "down" else ""


def the_modem_is_named_and_its_operator_and_signal_are_shown():
    with World().start() as w:
        link = w.status()["links"][0]
        _check(link["operator"] and 0 <= link["signal"] <= 100 and link["state"] == "ready", link)
        _check("huawei" in w.log.read_text().lower(), "the modem isn't named in the log")


def a_sim_is_written_down_by_its_iccid_and_its_imsi():
    with World(modems=2).start() as w:
        sims = [w.tell("sim", i) for i in range(2)]
        with contextlib.closing(sqlite3.connect(w.data / "safar.db")) as db:
            kept = {tuple(row) for row in db.execute("SELECT iccid, imsi FROM sim")}
        _check(kept == {(sim["iccid"], sim["imsi"]) for sim in sims}, kept)


def the_pin_unlocks_the_sim():
    with World(options=["--pin", "4321"], links={0: {"pin": "4321"}}).start() as w:
        w.tell("sms", 0, "+77000000001", "помогите")
        w.wait_phone("+77000000001", 1)
        _check("4321" not in w.log.read_text(), "the PIN is in the log")


def a_refused_pin_is_never_tried_again_until_it_changes():
    with World(options=["--pin", "4321"], links={0: {"pin": "1111"}}) as w:
        w.start(ready=False)
        until("it is refused", lambda: "refused" in _reason(w))
        tries = w.tell("sim", 0)["tries_left"]
        _check(tries == 2, f"{tries} tries left")
        for _ in range(2):
            w.kill()
            w.start(ready=False)
            until("it says why", lambda: "PIN" in _reason(w))
        _check(w.tell("sim", 0)["tries_left"] == 2, "a refused PIN was tried again")
        w.links = {0: {"pin": "4321"}}
        w.write_config()
        w.restart()
        _check(w.links_are("ready"), w.status())


def with_one_try_left_no_pin_is_tried():
    with World(options=["--pin", "4321"], links={0: {"pin": "1111"}}) as w:
        for wrong in ("1111", "2222", "3333"):
            w.links = {0: {"pin": wrong}}
            w.write_config()
            w.start(ready=False)
            until("it says why", lambda: any(word in _reason(w) for word in ("PIN", "tries")))
            w.stop()
        _check(w.tell("sim", 0)["tries_left"] >= 1, "the SIM is blocked")


def texts_take_gsm7_or_ucs2_and_up_to_ten_parts():
    with World().start() as w:
        cases = {"+77000000001": "plain GSM-7 text with { and €",
                 "+77000000002": "Обычный текст",
                 "+77000000003": "x" * 161,
                 "+77000000004": "Ж" * 600,
                 "+77000000005": ("смайлик 😀 " * 9).strip()}
        for number, text in cases.items():
            w.safar("send", number, text)
        for number, text in cases.items():
            _check(w.wait_phone(number, 1) == [text], f"{text[:20]}…")
        _check(w.phone("+77000000003")[0]["parts"] == 2, "161 septets are two parts")
        _check(w.phone("+77000000004")[0]["parts"] == 9, "600 letters are nine parts")
        w.safar("send", "+77000000006", "Ж" * 671, code=2)


def a_barred_number_holds_up_nobody():
    with World().start() as w:
        w.tell("bar", "+77000000001", 8)
        w.broadcast([("+77000000001", "ru"), ("+77000000002", "ru"), ("+77000000003", "ru")])
        w.wait_phone("+77000000002", 1)
        w.wait_phone("+77000000003", 1)
        until("the barred one has failed", lambda: w.status()["deliveries"]["failed"] == 1)
        row = next(r for r in w.outbox() if r["state"] == "failed")
        _check(row["reason"] == "barred", row)


def a_busy_network_is_tried_again():
    with World().start() as w:
        w.tell("next-error", 0, "CMS", 302, 1)
        w.safar("send", "+77000000001", "hello")
        w.wait_phone("+77000000001", 1, 30)


def a_switched_off_phone_is_waited_for_and_a_gone_one_is_undelivered():
    with World().start() as w:
        w.tell("phone-state", "+77000000001", "off")
        w.tell("phone-state", "+77000000002", "gone")
        w.safar("send", "+77000000001", "hello")
        w.safar("send", "+77000000002", "hello")
        until("the gone one is undelivered", lambda: w.status()["deliveries"]["undelivered"] == 1)
        _check(w.status()["deliveries"]["accepted"] == 1, w.status())
        w.tell("phone-state", "+77000000001", "on")
        until("the other is delivered", lambda: w.status()["deliveries"]["delivered"] == 1)


def a_report_before_the_ok_counts():
    with World(dlr_ms=-1).start() as w:
        w.safar("send", "+77000000001", "Ж" * 150)
        until("it is delivered", lambda: w.status()["deliveries"]["delivered"] == 1)


def lifetimes_are_told_to_the_network():
    now = time.time()
    local = time.gmtime(now + 5 * 3600)  # of Almaty
    three = now + (15 - local.tm_hour) * 3600 - local.tm_min * 60 + (7 - local.tm_wday) * 86400
    with World(environment={"SAFAR_CLOCK_SHIFT_MS": str(int((three - now) * 1000))}).start() as w:
        w.broadcast([("+77000000002", "ru")])  # on a Monday at three: until nine in the evening
        w.wait_phone("+77000000002", 1)
        w.tell("sms-pdu", 0, pdus.deliver("+77000000001", "помогите", at=three))
        w.wait_phone("+77000000001", 1)
        told = {e["to"]: e["validity"] for e in w.transcript() if e["event"] == "submit"}
        _check(5.5 * 3600 <= told["+77000000002"] <= 6 * 3600, told)
        _check(3000 <= told["+77000000001"] <= 3600, told)  # an hour, rounded down


def unplugged_and_plugged_in_again():
    with World(air_ms=50).start() as w:
        w.broadcast([(f"+7700000{i:04d}", "ru") for i in range(40)])
        until("some are sent", lambda: w.status()["parts"]["sent"] >= 5)
        w.tell("unplug", 0)
        until("it is shown", lambda: w.status()["links"][0]["state"] in ("down", "starting"))
        w.tell("plug", 0)
        until("it is back", lambda: w.links_are("ready"), 60)
        w.settled(60)
        counts = w.status()["deliveries"]
        _check(counts["in_doubt"] <= 1 and counts["failed"] == 0, counts)


def malformed_pdus_harm_nothing():
    with World().start() as w:
        for pdu in ("00", "0004", "07919701000000F0040B919771000000F000006211240000000A05E8329BFD",
                    "07919701000000F0FF", "00" * 120):
            w.tell("sms-pdu", 0, pdu, code=None)
        w.tell("sms", 0, "+77000000001", "помогите")
        w.wait_phone("+77000000001", 1)


def a_daily_cap_holds_back_campaigns_but_no_answer():
    with World(links={0: {"daily-cap": "3"}}).start() as w:
        w.broadcast([(f"+7700000{i:04d}", "ru") for i in range(6)])
        until("the cap is reached", lambda: w.status()["parts"]["sent"] == 3)
        w.tell("sms", 0, "+77000009999", "помогите")
        w.wait_phone("+77000009999", 1)
        _check(w.status()["deliveries"]["queued"] == 3, w.status())


def reports_that_the_modem_stores_are_read_and_deleted():
    with World(options=["--play", ROOT / "tests" / "dialogues" / "stores-reports.txt"]).start() as w:
        w.safar("send", "+77000000001", "Ж" * 150)
        until("it is delivered", lambda: w.status()["deliveries"]["delivered"] == 1)
        _check(w.tell("sim", 0)["cnmi"][3] == 2, "the modem did not store them")
        until("the SIM is empty", lambda: not any(w.tell("sim", 0)["storage"]))


def reports_in_a_storage_of_their_own_count_though_nobody_heard_of_them():
    with World(options=["--play", ROOT / "tests" / "dialogues" / "stores-reports.txt",
                        "--report-slots", "10"]) as w:
        numbers = [f"+7700000000{i}" for i in range(4)]
        for number in numbers[1:]:
            w.tell("phone-state", number, "off")
        w.start()
        for number in numbers:
            w.safar("send", number, "hello")
        until("one is delivered", lambda: w.status()["deliveries"]["delivered"] == 1)
        until("three are accepted", lambda: w.status()["deliveries"]["accepted"] == 3)
        w.kill()
        for number in numbers[1:]:
            w.tell("phone-state", number, "on")
        until("they lie there", lambda: len(w.tell("sim", 0)["storage_sr"]) >= 3)
        # nobody reads what the modem said of them
        port = os.open(w.air / "modem0", os.O_RDWR | os.O_NOCTTY)
        termios.tcflush(port, termios.TCIFLUSH)
        os.close(port)
        w.start()
        until("they count", lambda: w.status()["deliveries"]["delivered"] == 4)
        until("none is left", lambda: not w.tell("sim", 0)["storage_sr"])
