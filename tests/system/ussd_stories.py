# SPDX-License-Identifier: GPL-3.0-or-later
"""What an operator says of its SIM: USSD codes, the balance; and texts that show at once."""
import json
import threading
import time

from world import Failure, World, until


def _check(condition, what):
    if not condition:
        raise Failure(what)


def _asked(w):
    return [e["asked"] for e in w.transcript() if e["event"] == "ussd"]


def _answer(w, link="m0", code="*100#", **kinds):
    return json.loads(w.safar("ussd", link, code, "--json", **kinds).stdout)


def a_code_is_answered_whichever_way_the_modem_writes_it():
    with World().start() as w:
        for way, text in (("packed", "Balance 150.00 KZT"), ("plain", "Balance 150.00 KZT"),
                          ("ucs2", "Баланс: 1 234,56 тг"), ("packed", "Balance: 7.50"),
                          ("packed", "12345678"), ("plain", "15000000"), ("plain", "a, \"b\", c")):
            w.tell("ussd", 0, way, 20, text)
            _check(_answer(w) == {"ok": True, "link": "m0", "answer": text, "more": False},
                   f"{way} {text}: {_answer(w)}")
        done = w.safar("ussd", "m0", "*100#")
        _check(done.stdout == "a, \"b\", c\n", done.stdout)
        _check(set(_asked(w)) == {"*100#"}, _asked(w))


def an_answer_of_several_lines_is_whole():
    with World().start() as w:
        w.tell("ussd", 0, "plain", 20, "Balance 12.50|Bonus 3|+CREG is no event here")
        _check(_answer(w)["answer"] == "Balance 12.50\nBonus 3\n+CREG is no event here", _answer(w))


def a_modem_that_takes_packed_codes_alone_is_given_one():
    with World().start() as w:
        w.tell("ussd", 0, "coded", 20, "Balance 9.00")
        _check(_answer(w)["answer"] == "Balance 9.00", "no answer")
        _check(_asked(w)[-1] == "*100#", _asked(w))


def a_menu_is_shown_and_left():
    with World().start() as w:
        w.tell("ussd", 0, "menu", 20, "1 Balance|2 Bonus")
        _check(_answer(w)["more"] is True, "it isn't marked as a menu")
        w.tell("ussd", 0, "plain", 20, "Balance 1")
        _check(_answer(w)["answer"] == "Balance 1", "the session was not left")


def what_cannot_be_asked_is_an_error_with_a_code():
    with World(options=["--register-ms", "4000"]) as w:
        w.start(ready=False)
        until("the daemon answers", lambda: w.status(check=False))
        _check("ready" in w.safar("ussd", "m0", "*100#", code=6).stderr, "not ready")
        until("it is ready", lambda: w.links_are("ready"), 60)
        w.safar("ussd", "m7", "*100#", code=5)
        w.safar("ussd", "m0", "*100#;rm", code=2)
        w.safar("ussd", "m0", "", code=2)
        w.safar("ussd", "m0", "*999#", code=9)  # "operation not supported"
        _check(_answer(w)["answer"] == "Balance 150.00 KZT", "asking after errors")


def a_mute_network_is_told_and_nothing_waits_for_it():
    with World().start() as w:
        w.tell("ussd", 0, "none", 0, "-")
        codes = []
        asking = threading.Thread(
            target=lambda: codes.append(w.safar("ussd", "m0", "*100#", code=None).returncode))
        asking.start()
        until("it is asked", lambda: _asked(w))
        w.safar("ussd", "m0", "*100#", code=6)  # one at a time
        w.tell("sms", 0, "+77000000001", "помогите")
        w.wait_phone("+77000000001", 1)
        w.safar("send", "+77000000002", "hello")
        w.wait_phone("+77000000002", 1)
        _check(asking.is_alive(), "all of this waited for the operator")
        asking.join(40)
        _check(codes == [7], codes)
        w.tell("ussd", 0, "plain", 0, "Balance 1")
        _check(_answer(w)["answer"] == "Balance 1", "asking after silence")


def who_asks_and_goes_away_leaves_no_trace():
    with World().start() as w:
        w.tell("ussd", 0, "packed", 600, "Balance 150.00 KZT")
        import subprocess
        for _ in range(3):
            gone = subprocess.Popen([w.build / "safar", "-c", w.config, "ussd", "m0", "*100#"],
                                    stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
            count = len(_asked(w))
            until("it is asked", lambda: len(_asked(w)) > count)
            gone.kill()
            gone.wait()
            time.sleep(0.7)
        _check(_answer(w)["answer"] == "Balance 150.00 KZT", "asking after those")


def a_code_is_asked_while_a_broadcast_goes_out():
    with World(air_ms=50).start() as w:
        w.broadcast([(f"+7700000{i:04d}", "ru") for i in range(60)])
        until("some are sent", lambda: w.status()["parts"]["sent"] >= 3)
        began = time.monotonic()
        _check(_answer(w)["answer"] == "Balance 150.00 KZT", "no answer")
        _check(time.monotonic() - began < 1.5, "it waited for the broadcast")
        w.settled()
        _check(w.tell("count")["messages"] == 60, w.tell("count"))


def a_balance_is_asked_kept_and_not_asked_again_before_its_time():
    links = {0: {"balance": "*100#", "balance-every": "6"}}
    with World(links=links) as w:
        w.tell("ussd", 0, "ucs2", 50, "Баланс: 1 234,56 тг, бонус 10")
        w.start()
        until("it is known", lambda: w.status()["links"][0]["balance"])
        known = w.status()["links"][0]["balance"]
        _check(known["amount"] == 1234.56 and known["at"].endswith("Z"), known)
        w.restart()
        until("it is shown", lambda: w.status()["links"][0]["balance"])
        time.sleep(2.5)  # two turns in which it could be asked
        _check(w.status()["links"][0]["balance"] == known and _asked(w) == ["*100#"], _asked(w))
        _check("1234.56" in w.safar("status").stdout, "not in the table")
        w.tell("ussd", 0, "plain", 50, "Balance -2.50")
        w.stop()
        w.environment["SAFAR_CLOCK_SHIFT_MS"] = str(6 * 3600 * 1000 + 60000)
        w.start()
        until("it is asked again", lambda: w.status()["links"][0]["balance"]["amount"] == -2.5)
        _check(_asked(w) == ["*100#", "*100#"], _asked(w))


def an_answer_without_a_figure_is_no_balance_and_never_in_the_log():
    with World(links={0: {"balance": "*100#"}}) as w:
        w.tell("ussd", 0, "plain", 0, "Dear Aizhan, all is well")
        w.start()
        until("it is told", lambda: "no figure" in w.log.read_text())
        _check(w.status()["links"][0]["balance"] is None, w.status())
        _check("Aizhan" not in w.log.read_text(), "the answer is in the log")


def a_code_that_is_none_is_a_fault_of_the_configuration():
    with World(links={0: {"balance": "call *100#"}}) as w:
        import subprocess
        done = subprocess.run([w.build / "safard", "-c", w.config, "--check"],
                              capture_output=True, text=True, timeout=20)
        _check(done.returncode == 2 and "balance is of digits" in done.stderr, done.stderr)


def a_flash_text_is_class_0_and_nothing_else_is():
    with World().start() as w:
        w.safar("send", "--flash", "+77000000001", "Ж" * 80)
        w.safar("send", "+77000000002", "kept")
        w.broadcast([("+77000000003", "ru")])
        w.tell("sms", 0, "+77000000004", "помогите")
        for i in range(1, 5):
            w.wait_phone(f"+7700000000{i}", 1)
        classes = {e["to"]: e.get("class") for e in w.transcript() if e["event"] == "submit"}
        _check(classes.pop("+77000000001") == 0 and set(classes.values()) == {None}, classes)
        _check(w.texts("+77000000001") == ["Ж" * 80], "the flash text")
