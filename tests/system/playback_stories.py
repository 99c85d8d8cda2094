# SPDX-License-Identifier: GPL-3.0-or-later
"""Modems with known quirks, played back from tests/dialogues. Each comes up, is named, sends a text in one part and
one in three, gets its reports, and answers a question that lay on the SIM before the start."""
from world import ROOT, Failure, World, until

ASKS, SHORT, LONG, ASKS_LATER = (f"+7700000000{i}" for i in range(1, 5))
THREE_PARTS = "Ж" * 150


def _check(condition, what):
    if not condition:
        raise Failure(what)


def _play(name, **more):
    path = name if "/" in str(name) else ROOT / "tests" / "dialogues" / f"{name}.txt"
    return World(options=["--play", path, *more.pop("options", [])], **more)


def _commands(w):
    return [e for e in w.transcript() if e["event"] == "command"]


def _was_played(w, *commands):
    """Else the story would show nothing about the model."""
    played = {e["text"] for e in _commands(w) if "line" in e}
    for command in commands:
        _check(any(text.startswith(command) for text in played), f"{command} was not played")


def _works(w, named):
    w.tell("sms", 0, ASKS, "помогите")
    w.start(ready=False)
    until("it is ready", lambda: w.links_are("ready"), 30)
    log = w.log.read_text()
    _check(f"modem m0: {named} (" in log, log)
    _check("down" not in log, log)
    w.wait_phone(ASKS, 1)
    w.safar("send", SHORT, "hello")
    _check(w.wait_phone(SHORT, 1, 40) == ["hello"], "another text")
    w.safar("send", LONG, THREE_PARTS)
    _check(w.wait_phone(LONG, 1) == [THREE_PARTS], "another text")
    _check(w.phone(LONG)[0]["parts"] == 3, "not in three parts")
    w.tell("sms", 0, ASKS_LATER, "помогите")
    w.wait_phone(ASKS_LATER, 1)
    until("all four are delivered", lambda: w.status()["deliveries"]["delivered"] == 4)
    until("the SIM is empty", lambda: w.tell("sim", 0)["used"] == 0)
    _check(len(w.inbox()) == 2, "each question is there once")
    for number in (ASKS, SHORT, LONG, ASKS_LATER):
        _check(len(w.phone(number)) == 1, "a phone got something twice")


def huawei_e173_chatters_between_command_and_answer():
    with _play("huawei-e173") as w:
        _works(w, "Huawei E173")
        _was_played(w, "AT+CGMM", "AT+CMGL=4", "AT+CMGR=0", "AT+CMGD=0", "AT+CMGS=", "(message)")
        _check(w.safar("ussd", "m0", "*100#").stdout.strip() == "Balance: 212.40 KZT", "not the answer")
        _was_played(w, "AT+CUSD=1,\"AA180C3602\",15")


def huawei_e3372_takes_less_than_it_lists_and_reports_are_fetched():
    with _play("huawei-e3372") as w:
        _works(w, "Huawei E3372")
        _was_played(w, "AT+CNMI=2,1,0,1,0", "AT+CGMM", "AT+CMGR=")


def simcom_sim800l_is_waited_for_until_it_takes_messages():
    with _play("simcom-sim800l") as w:
        _works(w, "SIMCOM_Ltd SIMCOM_SIM800L")
        asked = [e["text"] for e in _commands(w)]
        _check(asked.count("AT+CMGF=0") >= 3, "it was ready at once")
        _check("AT+CNMI=2,1,0,1,0" in asked, "reports don't come whole")
        _check("AT+CPMS=\"ME\"" in asked, "only the SIM is read: a line that came by itself was the answer")


def simcom_sim7600_starts_slowly_and_refuses_a_text_for_no_reason():
    with _play("simcom-sim7600") as w:
        _works(w, "SIMCOM INCORPORATED SIMCOM_SIM7600E-H")
        _was_played(w, "AT+CPIN?", "AT+CICCID", "AT+CMGF=0", "(message)")
        _check("+CMS ERROR 500" in w.log.read_text(), "nothing was refused")
        _check("cannot know the SIM" not in w.log.read_text(), "the SIM is not known")


def quectel_ec25_announces_a_report_where_none_is():
    with _play("quectel-ec25", options=["--pin", "4321"], links={0: {"pin": "4321"}}) as w:
        _works(w, "Quectel EC25")
        _was_played(w, "AT+QPINC?", "AT+QCCID", "AT+CREG?", "AT+CMGR=0")
        _check(w.status()["links"][0]["signal"] == 58, "a +QIND was taken for the signal")


def a_recorded_dialogue_plays_back():
    with World() as w:
        record = w.folder / "recorded.txt"
        w.links = {0: {"record": str(record)}}
        w.write_config()
        w.start()
        w.safar("send", SHORT, "hello")
        until("it is delivered", lambda: w.status()["deliveries"]["delivered"] == 1)
        w.stop()
        with _play(record) as again:
            again.start()
            _check("modem m0: huawei e173 (" in again.log.read_text().lower(), again.log.read_text())
            _was_played(again, "AT+CGMM", "AT+CNMI=2,1,0,1,0", "AT+CPMS=", "AT+CREG?")
            again.safar("send", LONG, THREE_PARTS)
            _check(again.wait_phone(LONG, 1) == [THREE_PARTS], "another text")
