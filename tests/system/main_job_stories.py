# SPDX-License-Identifier: GPL-3.0-or-later
"""The main job, end to end: broadcasts out, questions and missed calls answered, STOP obeyed."""
import json
import re

from world import BROADCAST, LANGUAGES, ROOT, Failure, World, until

NUMBERS = {"kk": "+77000000001", "ru": "+77000000002", "uz": "+998900000003",
           "uz-Cyrl": "+77000000004", "ky": "+996700000005", "tg": "+992900000006"}
HELP = {"kk": "Көмек керек", "ru": "помогите мне", "uz": "yordam kerak", "uz-Cyrl": "ёрдам керак",
        "ky": "жардам керек", "tg": "кӯмак лозим аст"}
STOP = {"kk": "тоқтату", "ru": "СТОП", "uz": "to'xtatish", "uz-Cyrl": "тўхтатиш",
        "ky": "токтотуу", "tg": "бас кунед"}


def _check(condition, what):
    if not condition:
        raise Failure(what)


def a_broadcast_reaches_each_phone_once_in_its_language_over_four_modems():
    people = [(f"+770000{i:05d}", LANGUAGES[i % 6]) for i in range(60)]
    with World(modems=4).start() as w:
        done = w.broadcast(people, None, "--wait")
        _check(done["people"] == 60, done)
        w.settled()
        for number, language in people:
            _check(w.wait_phone(number, 1) == [BROADCAST[language]], f"{language}: {w.phone(number)}")
        until("all are delivered", lambda: w.status()["deliveries"]["delivered"] == 60)
        used = {m["modem"] for number, _ in people for m in w.phone(number)}
        _check(len(used) == 4, f"modems used: {used}")
        status = w.status()
        _check(status["parts"]["sent"] == done["parts"], status)
        _check(sum(link["sent"] for link in status["links"]) == done["parts"], status)


def sixteen_modems_share_a_broadcast():
    with World(modems=16, air_ms=300).start() as w:
        people = [(f"+7700000{i:04d}", LANGUAGES[i % 6]) for i in range(320)]
        w.broadcast(people)
        until("all are delivered", lambda: w.status()["deliveries"]["delivered"] == 320)
        for number, language in people:
            _check(w.texts(number) == [BROADCAST[language]], f"…{number[-4:]}: not once, or another")
        sent = [e["from"] for e in w.transcript() if e["event"] == "submit"]
        _check(min(sent.count(w.tell("sim", i)["number"]) for i in range(16)) >= 10, "one idled")


def a_question_is_answered_in_its_language_by_the_sim_that_was_asked():
    with World(modems=2).start() as w:
        for language, number in NUMBERS.items():
            w.tell("sms", 1, number, HELP[language])
        for language, number in NUMBERS.items():
            answer = w.wait_phone(number, 1)[0]
            texts = json.loads((ROOT / "locales" / f"{language}.json").read_text())["texts"]
            _check("11616" in answer, f"{language}: no number to call in the answer")
            _check(any(_like(answer.split("\n")[0], t["text"]) for t in texts.values()),
                   f"{language}: answered in another language: {answer}")
            _check({m["modem"] for m in w.phone(number)} == {1}, "by another SIM than was asked")
        status = w.status()
        _check(status["inbox"] == {"received": 6, "answered": 6, "partial": 0}, status)
        until("the SIM is empty", lambda: not any(w.tell("sim", 1)["storage"]))


def _like(answer, template):
    """The template with its arguments filled in?"""
    pattern = re.sub(r"\\{(hotline|emergency|number)\\}", r"\\d+", re.escape(template))
    return re.fullmatch(pattern.replace("''", "'"), answer) is not None


def a_question_in_parts_and_out_of_order_is_one_question():
    with World().start() as w:
        number = NUMBERS["ru"]
        w.tell("sms", 0, number, "Помогите пожалуйста, " + "я не знаю что мне делать дальше, " * 4)
        _check(len(w.wait_phone(number, 1)) == 1, "not one answer")
        _check(w.status()["inbox"]["received"] == 1, w.status())


def an_unknown_text_gets_the_menu_and_its_digits_work():
    with World().start() as w:
        number = NUMBERS["ru"]
        w.tell("sms", 0, number, "какая погода завтра")
        menu = w.wait_phone(number, 1)[0]
        _check("1" in menu and "2" in menu, menu)
        w.tell("sms", 0, number, "1")
        _check("11616" in w.wait_phone(number, 2)[1], w.texts(number))


def a_missed_call_is_hung_up_and_answered_once_in_ten_minutes():
    with World().start() as w:
        number = NUMBERS["ky"]
        w.tell("call", 0, number)
        answer = w.wait_phone(number, 1)[0]
        _check(answer.index("11616") < 20, f"the number to call doesn't come first: {answer}")
        until("the call is hung up", lambda: w.tell("count")["hangups"] == 1)
        w.tell("call", 0, number)
        until("the second call is counted", lambda: w.status()["inbox"]["received"] == 2)
        w.settled()
        _check(len(w.texts(number)) == 1, "a second answer within ten minutes")
        # a digit for the language, as the answer says
        w.tell("sms", 0, number, "5")
        w.wait_phone(number, 2)


def stop_bars_broadcasts_and_a_new_question_is_still_answered():
    with World().start() as w:
        for language, number in NUMBERS.items():
            w.tell("sms", 0, number, STOP[language])
        for number in NUMBERS.values():
            w.wait_phone(number, 1)
        people = [(n, l) for l, n in NUMBERS.items()] + [("+77000000099", "ru")]
        done = w.broadcast(people, None, "--wait")
        _check(done["people"] == 1, done)
        w.wait_phone("+77000000099", 1)
        w.settled()
        for language, number in NUMBERS.items():
            _check(len(w.texts(number)) == 1, f"{language}: written to after STOP")
        refused = w.safar("send", NUMBERS["ru"], "hello", code=3)
        _check("STOP" in refused.stderr + refused.stdout, refused)
        w.tell("sms", 0, NUMBERS["kk"], HELP["kk"])
        w.wait_phone(NUMBERS["kk"], 2)
        w.tell("call", 0, NUMBERS["ru"])  # none after STOP
        until("the call is counted", lambda: w.status()["inbox"]["received"] == 8)
        w.settled()
        _check(len(w.texts(NUMBERS["ru"])) == 1, "a missed call was answered after STOP")
        w.tell("sms", 0, NUMBERS["ru"], "старт")
        w.wait_phone(NUMBERS["ru"], 2)
        w.safar("send", NUMBERS["ru"], "hello")
        _check(w.wait_phone(NUMBERS["ru"], 3)[2] == "hello", w.texts(NUMBERS["ru"]))


def stop_cancels_what_is_queued():
    with World(air_ms=400).start() as w:
        people = [(f"+7700000{i:04d}", "ru") for i in range(30)]
        w.broadcast(people)
        last = people[-1][0]
        w.tell("sms", 0, last, "стоп")
        w.wait_phone(last, 1)
        w.settled(90)
        _check(w.status()["deliveries"]["cancelled"] == 1, w.status())
        _check(BROADCAST["ru"] not in w.texts(last), "sent after STOP")


def an_answer_overtakes_a_broadcast():
    with World(air_ms=300).start() as w:
        w.broadcast([(f"+7700000{i:04d}", "ru") for i in range(40)])
        until("some are sent", lambda: w.status()["parts"]["sent"] >= 2)
        number = NUMBERS["uz"]
        w.tell("sms", 0, number, HELP["uz"])
        w.wait_phone(number, 1, 5)
        _check(w.status()["deliveries"]["queued"] > 20, "the broadcast was over already")


def old_questions_are_judged_by_their_smsc_time():
    with World().start() as w:
        fresh, late, stale = NUMBERS["kk"], NUMBERS["ru"], NUMBERS["tg"]
        w.tell("sms-at", 0, stale, 25 * 3600, HELP["tg"])
        w.tell("sms-at", 0, late, 3600, HELP["ru"])
        w.tell("sms-at", 0, fresh, 60, HELP["kk"])
        w.wait_phone(fresh, 1)
        w.wait_phone(late, 1)
        until("all are taken", lambda: w.status()["inbox"]["received"] == 3)
        w.settled()
        _check(w.texts(stale) == [], "a question of yesterday was answered")


def what_lay_on_the_sim_before_the_start_is_answered():
    with World() as w:
        w.tell("sms", 0, NUMBERS["ru"], HELP["ru"])
        w.start()
        w.wait_phone(NUMBERS["ru"], 1)


def two_senders_who_are_no_people_get_no_answer():
    with World().start() as w:
        w.tell("sms", 0, "1414", "помогите")
        until("it is taken", lambda: w.status()["inbox"]["received"] == 1)
        w.settled()
        _check(w.status()["deliveries"]["accepted"] + w.status()["deliveries"]["delivered"] == 0,
               w.status())


def bad_rows_are_told_and_left_out():
    with World().start() as w:
        csv = w.folder / "bad.csv"
        message = w.folder / "m.json"
        csv.write_text("phone,language,region\n+77000000001,ru,almaty\n+7700abc,ru,\n"
                       "8 700 000 00 01,kk,\n+77000000002,xx,\n+77000000003,tg,\n")
        message.write_text(json.dumps({"texts": {"ru": "Бесплатно: 11616"}, "fallback": ["ru"]}))
        args = ("broadcast", "--csv", csv, "--message", message, "--consent", "on paper",
                "--override", "a test", "--json")
        done = w.safar(*args, code=3, text="")  # no terminal and no --yes: nothing is sent
        _check(w.status()["deliveries"]["queued"] == 0, done.stdout)
        done = json.loads(w.safar(*args, "--yes", "--wait").stdout.splitlines()[-1])
        _check(done["people"] == 2, done)
        _check({row["line"] for row in done["skipped"]} == {3, 4, 5}, done)


def nothing_that_identifies_a_help_seeker_is_shown():
    with World().start() as w:
        w.tell("sms", 0, NUMBERS["kk"], HELP["kk"])
        w.wait_phone(NUMBERS["kk"], 1)
        w.broadcast([("+77000000045", "ru")], None, "--wait")
        w.settled()
        rows = {row["lane"]: row for row in w.outbox()}
        _check(rows["answer"]["to"] == "", rows)
        _check(rows["campaign"]["to"].endswith("45") and "700" not in rows["campaign"]["to"], rows)
        _check(set(rows["answer"]) >= {"id", "to", "lane", "state", "reason", "link", "language",
                                       "parts", "created", "updated"}, rows)
        whole = {row["lane"]: row for row in w.outbox("--show-numbers")}
        _check(whole["campaign"]["to"] == "+77000000045" and whole["answer"]["to"] == "", whole)
        row = w.inbox()[0]
        _check(set(row) == {"id", "time", "link", "intent", "state"}, row)
