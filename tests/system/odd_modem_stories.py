# SPDX-License-Identifier: GPL-3.0-or-later
"""Modems that do what the standards leave open in another way than most: Safar needs little of them."""
import random
import tempfile

import pdus
from world import ROOT, Failure, World, until

LONG = "Ж" * 150


def _check(condition, what):
    if not condition:
        raise Failure(what)


def _works(w):
    w.tell("sms", 0, "+77000000001", "помогите")
    w.start()
    w.wait_phone("+77000000001", 1)
    w.safar("send", "+77000000002", LONG)
    _check(w.wait_phone("+77000000002", 1) == [LONG], "another text")
    w.tell("sms", 0, "+77000000003", "помогите")
    w.wait_phone("+77000000003", 1)
    until("all are delivered", lambda: w.status()["deliveries"]["delivered"] == 3)
    until("the SIM is empty", lambda: w.tell("sim", 0)["used"] == 0)
    _check(len(w.inbox()) == 2, "each question is there once")


def a_modem_that_never_echoes_works():
    with World(options=["--echo", "0"]) as w:
        _works(w)
        w.tell("hang", 0, 12000)
        w.safar("send", "+77000000004", "hello")
        w.wait_phone("+77000000004", 1, 60)


def answers_that_begin_where_an_echo_or_a_prompt_ends_are_read():
    with World(options=["--lead", "0"]) as w:
        _works(w)
        _check(w.status()["deliveries"]["in_doubt"] == 0, "an answer was missed")
    with World(options=["--lead", "0", "--echo", "0"]) as w:
        _works(w)
        _check(w.status()["deliveries"]["in_doubt"] == 0, "an answer was missed")


def a_modem_to_which_escape_is_a_letter_works():
    with World(options=["--escape", "0"]) as w:
        _works(w)
        w.tell("hang", 0, 12000)
        w.safar("send", "+77000000004", "hello")
        w.wait_phone("+77000000004", 1, 60)


def a_module_that_libgammu_gives_up_on_works():
    with World(options=["--play", ROOT / "tests" / "dialogues" / "bare-module.txt"]) as w:
        _works(w)
        log = w.log.read_text()
        _check("modem m0: Odd Modules Ltd. BARE-1 (" in log, log)
        _check(w.tell("sim", 0)["cnmi"] == [2, 1, 0, 1, 1], w.tell("sim", 0)["cnmi"])
        _check(w.status()["links"][0]["state"] == "ready", "it isn't registered")


def a_modem_that_announces_nothing_is_polled():
    with World(options=["--play", ROOT / "tests" / "dialogues" / "announces-nothing.txt"],
               links={0: {"poll": "2"}}).start() as w:
        _check(w.tell("sim", 0)["cnmi"] == [0, 0, 0, 0, 0], w.tell("sim", 0)["cnmi"])
        for i in range(3):
            w.tell("sms", 0, f"+7700000000{i}", "помогите")
            w.wait_phone(f"+7700000000{i}", 1)
        _check(not [e for e in w.transcript() if e["event"] == "cmti"], "it announced one")


def numbers_go_out_with_their_country():
    with World().start() as w:
        w.safar("send", "8 701 000 00 01", "hello")
        w.wait_phone("+77010000001", 1)
        sent = [e for e in w.transcript() if e["event"] == "submit"]
        _check([e["to"] for e in sent] == ["+77010000001"], sent)


def a_sim_full_of_what_nobody_can_read_lets_questions_in():
    with World(options=["--slots", "4"], links={0: {"poll": "2"}}) as w:
        for pdu in ("00", "0791", "FF" * 20, "0003" * 15):
            w.tell("sms-pdu", 0, pdu)
        w.tell("sms", 0, "+77000000001", "помогите")
        _check(w.tell("sim", 0)["used"] == 4, "it is full")
        w.start()
        w.wait_phone("+77000000001", 1)
        _check("SIM is full" in w.log.read_text(), "it isn't said")


def what_nobody_can_read_stays_while_there_is_room():
    with World(options=["--slots", "4"], links={0: {"poll": "2"}}).start() as w:
        w.tell("sms-pdu", 0, "00")
        w.tell("sms", 0, "+77000000001", "помогите")
        w.wait_phone("+77000000001", 1)
        until("the question is gone from the SIM", lambda: w.tell("sim", 0)["used"] == 1)
        _check("can't be read" in w.log.read_text(), "it isn't said")


def lines_without_end_and_wild_octets_harm_nothing():
    rng = random.Random(1)
    wild = ["A" * 30000, "+CMTI: " * 400, r"+CDS: 255\r\n", r"+CMGS: 300\r\n", "> " * 300,
            '+CUSD: 0,"' + "F" * 3000, r"+CREG: 99999999999999999999\r\n", r'+CMTI: "SM",70000\r\n']
    wild += ["".join(f"\\x{rng.randrange(256):02x}" for _ in range(600)) for _ in range(20)]
    with tempfile.NamedTemporaryFile("w", suffix=".txt") as dialogue:
        dialogue.write('# source: "made up"\n0 > AT+CLIP=1\\r\n1 < \\r\\nOK\\r\\n\n')
        for i, said in enumerate(wild):
            dialogue.write(f"{100 + 100 * i} < {said}\n")
        dialogue.write("4000 < \\r\\n\n")
        dialogue.flush()
        with World(options=["--play", dialogue.name]).start() as w:
            w.tell("sms", 0, "+77000000001", "помогите")
            w.wait_phone("+77000000001", 1)
            for i in range(20):
                w.safar("send", f"+770000010{i:02d}", "hello")
            w.settled()
            got = [len(w.texts(f"+770000010{i:02d}")) for i in range(20)]
            counts = w.status()["deliveries"]
            _check(max(got) == 1 and got.count(0) <= counts["in_doubt"], f"{got}, {counts}")
            until("it is ready", lambda: w.links_are("ready"))


def a_question_whose_pdu_is_padded_is_read():
    with World().start() as w:
        w.tell("sms-pdu", 0, pdus.deliver("+77000000001", "помогите") + "FF" * 5)
        w.wait_phone("+77000000001", 1)
        for pdu in pdus.in_parts("+77000000002", ["помо", "гите"], 7):
            w.tell("sms-pdu", 0, pdu + "00")
        _check("11616" in w.wait_phone("+77000000002", 1)[0], w.texts("+77000000002"))
        until("the SIM is empty", lambda: w.tell("sim", 0)["used"] == 0)


def a_messages_code_is_known_by_whichever_name_it_comes():
    with World().start() as w:
        w.tell("next-error", 0, "CME", 304, 1)
        w.safar("send", "+77000000001", "hello")
        until("it is given up", lambda: w.status()["deliveries"]["failed"] == 1)
        _check(w.outbox()[0]["reason"] == "modem", w.outbox()[0])


def a_modem_that_began_anew_by_itself_is_set_up_again():
    with World(options=["--model", "plain"]).start() as w:
        w.tell("brownout", 0)
        until("it is noticed", lambda: "the modem was reset" in w.log.read_text(), 40)
        until("it is ready", lambda: w.links_are("ready"))
        w.safar("send", "+77000000001", "hello")
        until("its report comes", lambda: w.status()["deliveries"]["delivered"] == 1)


def a_modem_that_began_anew_in_text_mode_is_given_no_pdu_as_text():
    with World(options=["--model", "plain"], dlr_ms=400).start() as w:
        w.safar("send", "+77000000001", "hello")
        until("its report comes", lambda: w.status()["deliveries"]["delivered"] == 1)
        w.tell("brownout", 0)
        w.safar("send", "+77000000002", "hello")
        w.wait_phone("+77000000002", 1)
        _check(not [e for e in w.transcript() if e["event"] == "pdu-as-text"], "it dialled a length")


def a_sim_that_was_taken_out_is_told_and_the_next_one_is_known():
    with World().start() as w:
        w.tell("next-error", 0, "CMS", 310, 1)
        w.safar("send", "+77000000001", "hello")
        until("it is said", lambda: "the SIM doesn't answer any more" in w.log.read_text())
        until("it is looked at anew", lambda: w.links_are("ready"))
