# SPDX-License-Identifier: GPL-3.0-or-later
"""Callers who dial: operators' call-backs in four dialects."""
import concurrent.futures
import http.client
import json
import random
import re
import socket

import world
from callers import CALLERS, DIALECTS, AfricasTalking, Junebug, MenuWorld, RestComm, text
from world import LANGUAGES, until


def _topics():
    tree = json.loads((world.ROOT / "messages" / "topics.json").read_text())
    return tree["root"], {t["id"]: t for t in tree["topics"]}


def _title(language, topic):
    return text(language, f"topic.{topic}.title")


def _fits(page):
    gsm7 = set("@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?¡"
               "ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà")
    return len(page) <= 182 if set(page) <= gsm7 else len(page.encode("utf-16-le")) <= 160


def _read_on(caller):
    """All pages of a place."""
    pages = [caller.page]
    while re.search(r"^99 ", caller.page, re.M):
        pages.append(caller.type("99"))
        if len(pages) > 12:
            raise world.Failure(f"it never ends: {pages}")
    if not all(map(_fits, pages)):
        raise world.Failure(f"a page doesn't fit: {pages}")
    return "\n".join(pages)


def _walk(caller, language, topic, topics, seen):
    text = _read_on(caller)
    seen.add(topic["id"])
    for digit, child in enumerate(topic["children"], 1):
        words = " ".join(re.sub(r"\n99 [^\n]*", "", text).split())
        if f"{digit} {_title(language, child)}" not in words:
            raise world.Failure(f"{topic['id']}: no {digit} {child} in {text}")
        caller.type(str(digit))
        _walk(caller, language, topics[child], topics, seen)
        caller.type("0")  # home, and down again
        for way in _way(topics, topic["id"]):
            caller.type(way)


def _way(topics, wanted, at=None):
    """The digits from the root to a topic."""
    root, _ = _topics()
    for digit, child in enumerate(topics[at or root]["children"], 1):
        if child == wanted:
            return [str(digit)]
        below = _way(topics, wanted, child)
        if below:
            return [str(digit), *below]
    return []


def _visit(w, prefix, language, topics, seen):
    """Each topic in a session and by a caller of its own: a history has a hundred answers at most."""
    for i, topic in enumerate(topics.values()):
        caller = AfricasTalking(w, f"{prefix}{i:02}")
        caller.dial()
        caller.type(str(language + 1))
        for digit in _way(topics, topic["id"]):
            caller.type(digit)
        _read_on(caller)
        seen.add(topic["id"])


# ---- stories

def every_page_in_every_language_is_reached_from_five_countries_in_every_dialect():
    root, topics = _topics()
    with MenuWorld().start() as w:
        for i, language in enumerate(LANGUAGES):
            for j, number in enumerate(CALLERS):
                kind, number = DIALECTS[(i + j) % 4], f"{number[:-2]}{i}{j}" # who has chosen is known
                caller, seen = kind(w, number), set()
                caller.dial()
                if not _fits(caller.page):
                    raise world.Failure(caller.page)
                if kind is AfricasTalking:
                    _visit(w, f"{number[:-5]}7{i}{j}", i, topics, seen)
                else:
                    caller.type(str(i + 1))
                    _walk(caller, language, topics[root], topics, seen)
                if seen != set(topics):
                    raise world.Failure(f"{language}, {number}: never seen: {set(topics) - seen}")


def hundreds_of_interleaved_callers_see_their_own_pages():
    with MenuWorld().start() as w:
        def one(i):
            language = i % 6
            c = DIALECTS[i % 4](w, f"+770100{i:05}")
            c.dial()
            c.type(str(language + 1))
            work = c.type("5")
            c.type("1")
            c.type("0")
            again = c.type("5")
            wanted = "3 " + _title(LANGUAGES[language], "wages")
            return wanted in work and wanted in again
        with concurrent.futures.ThreadPoolExecutor(24) as pool:
            if not all(pool.map(one, range(240))):
                raise world.Failure("somebody saw another's page")
        log = w.log.read_text()
        if "770100" in log:
            raise world.Failure("a number is in the log")


def a_call_back_that_comes_twice_changes_nothing():
    with MenuWorld().start() as w:
        for kind in (AfricasTalking, RestComm, Junebug):
            c = kind(w, "+77010000009")
            c.dial()
            for text in ("2", "5", "1"):
                c.type(text)
                first = c.again()
                for _ in range(3):
                    if c.again()[1] != first[1]:
                        raise world.Failure(f"{kind.__name__}: a repeat moved something")
            c.type("0")
            c.hang_up()


def a_session_survives_a_kill_in_its_middle():
    with MenuWorld().start() as w:
        callers = [kind(w, f"+7701000001{i}") for i, kind in enumerate(DIALECTS)]
        for c in callers:
            c.dial()
            c.type("2")
        w.kill()
        w.start()
        for c in callers:
            if "3 " + _title("ru", "wages") not in c.type("5"):
                raise world.Failure(f"{type(c).__name__}: {c.page}")
        for c in callers:
            c.type("3")
            c.hang_up()


def who_hung_up_is_asked_whether_to_continue():
    with MenuWorld().start() as w:
        for i, kind in enumerate(DIALECTS):
            c = kind(w, f"+7701000002{i}")
            c.dial()
            c.type("2")
            c.type("5")
            c.hang_up()
            if c.dial() != f"1 {text('ru', 'ussd.continue')}\n2 {text('ru', 'ussd.again')}":
                raise world.Failure(f"{kind.__name__}: {c.page}")
            if "3 " + _title("ru", "wages") not in c.type("1"):
                raise world.Failure(f"{kind.__name__}: {c.page}")


def a_text_that_is_asked_for_comes_by_sms_once():
    with MenuWorld(has_modem=True).start() as w:
        for i, kind in enumerate(DIALECTS):
            c = kind(w, f"+7701000003{i}")
            c.dial()
            c.type("2")
            c.type("3")
            if "SMS" not in _read_on(c):
                raise world.Failure(c.page)
            c.type("9")
            if c.open:
                raise world.Failure("the page that says so is the last")
            c.again()
            if "11616" not in w.wait_phone(c.number, 1)[0]:
                raise world.Failure(w.texts(c.number))
        w.settled()
        if any(len(w.texts(f"+7701000003{i}")) != 1 for i in range(4)):
            raise world.Failure("it came more than once")


def without_a_modem_no_sms_is_offered():
    with MenuWorld().start() as w:
        c = Junebug(w, "+77010000001")
        c.dial()
        c.type("2")
        c.type("3")
        if "SMS" in _read_on(c):
            raise world.Failure(c.page)


def hostile_bodies_are_refused_and_harm_nobody():
    rng = random.Random(20261125)
    good = [("/ussd/at", "sessionId=a&phoneNumber=%2B77010000001&serviceCode=*1%23&text=2*1"),
            ("/ussd/ib/s/start", '{"msisdn":"77010000001","text":""}'),
            ("/ussd/ib/s/response", '{"msisdn":"77010000001","text":"1"}'),
            ("/ussd/rc", '<dialog type="Begin" localId="1" remoteId="2" mapMessagesSize="1">'
             '<processUnstructuredSSRequest_Request invokeId="0" string="*1#">'
             '<msisdn number="77010000001"/></processUnstructuredSSRequest_Request></dialog>'),
            ("/ussd/jb", '{"message_id":"m","to":"1","from":"77010000001","content":null,'
             '"channel_data":{"session_event":"new"}}')]
    nasty = ['', '{', '[' * 4000, '{"a":' * 1500, '<' * 100, '\0', '%', '&&&&', '=' * 50, 'null', '"',
             '<!DOCTYPE a [<!ENTITY b "c">]><dialog>&b;</dialog>', "' OR 1=1 --", '\xff' * 100]
    with MenuWorld().start() as w:
        statuses = {}
        connection = http.client.HTTPConnection("127.0.0.1", w.port, timeout=20)
        for i in range(3000):
            path, body = good[i % len(good)]
            octets = bytearray(body.encode())
            how = rng.randrange(4)
            if how == 0:
                octets = bytearray(rng.choice(nasty).encode("latin-1"))
            elif how == 1:
                octets = octets[:rng.randrange(len(octets))]
            else:
                for _ in range(rng.randrange(1, 6)):
                    octets[rng.randrange(len(octets))] = rng.randrange(256)
            connection.request("POST", path, body=bytes(octets))
            answer = connection.getresponse()
            text = answer.read()
            statuses[answer.status] = statuses.get(answer.status, 0) + 1
            if answer.status >= 500 or (answer.status != 200 and b"7701" in text):
                raise world.Failure((answer.status, bytes(octets), text))
        if set(statuses) - {200, 400, 403, 404, 409, 413}:
            raise world.Failure(statuses)
        for kind in DIALECTS:
            c = kind(w, "+77010000044")
            c.dial()
            if not c.open:
                raise world.Failure(c.page)
            c.type("1")
            c.type("1")
        if w.stop() != 0:
            raise world.Failure("safard didn't end well")


def what_is_no_call_back_is_told_so():
    with MenuWorld().start() as w:
        form = "sessionId=a&phoneNumber=%2B77010000001&text="
        for path, body, method, status in (
                ("/", "", "GET", 404), ("/ussd/", form, "POST", 404), ("/ussd/none", form, "POST", 404),
                ("/ussd/at", form, "GET", 405), ("/ussd/at/more", form, "POST", 404),
                ("/ussd/at", "sessionId=a", "POST", 400), ("/ussd/ib/s/start", "{}", "POST", 400),
                ("/ussd/ib/s/other", "{}", "POST", 404), ("/ussd/at", "x" * 20000, "POST", 413)):
            got = w.post(path, body, method)
            if got[0] != status:
                raise world.Failure((path, method, got))


def a_secret_or_an_address_is_asked_for():
    secret = "0123456789abcdef"
    links = (f"[link s]\ntype = ussd\ndialect = africastalking\nsecret = {secret}\n"
             "[link n]\ntype = ussd\ndialect = africastalking\nallow = 192.0.2.0/24\n"
             "[link p]\ntype = ussd\ndialect = africastalking\nallow = 192.0.2.7\n")
    form = "sessionId=a&phoneNumber=%2B77010000001&text="
    with MenuWorld(http="proxy = 127.0.0.1\n", links=links).start() as w:
        for path, headers, status in (
                ("/ussd/s", {}, 403), ("/ussd/s", {"Authorization": "Bearer " + secret}, 200),
                ("/ussd/s", {"Authorization": "Bearer " + secret + "0"}, 403),
                ("/ussd/s?secret=" + secret, {}, 200), ("/ussd/s?secret=", {}, 403),
                ("/ussd/n", {}, 403), ("/ussd/n", {"X-Forwarded-For": "192.0.2.9"}, 200),
                ("/ussd/p", {"X-Forwarded-For": "192.0.2.7, 192.0.2.8"}, 403),
                ("/ussd/p", {"X-Forwarded-For": "192.0.2.8, 192.0.2.7"}, 200)):
            got = w.post(path, form, headers=headers)[0]
            if got != status:
                raise world.Failure((path, headers, got))
        if secret in w.log.read_text():
            raise world.Failure("the secret is in the log")


def a_reload_takes_links_in_and_out():
    with MenuWorld().start() as w:
        text = w.config.read_text()
        w.config.write_text(text.replace("[link ib]", "[link new]"))
        w.daemon.send_signal(world.signal.SIGHUP)
        until("the new one is there",
              lambda: w.post("/ussd/new/s/start", '{"msisdn":"77010000001","text":""}')[0] == 200)
        if w.post("/ussd/ib/s/start", '{"msisdn":"77010000001","text":""}')[0] != 404:
            raise world.Failure("the old one is still there")
        until("status counts it", lambda: w.pages("new") == 1)


def a_language_chosen_by_ussd_is_spoken_by_sms():
    with MenuWorld(has_modem=True).start() as w:
        until("the modem hears who rings", lambda: w.links_are("ready"), 60)
        for i, kind in enumerate(DIALECTS):
            for j, language in enumerate(("ky", "uz-Cyrl")):
                c = kind(w, f"+770100005{i}{j}")
                c.dial()
                c.type(str(LANGUAGES.index(language) + 1))
                w.tell("call", 0, c.number)
                said = w.wait_phone(c.number, 1)[0]
                if not said.startswith(text(language, "answer.call.known").split("{")[0]):
                    raise world.Failure(f"{kind.__name__}, {language}: {said}")
                c.hang_up()
                if "1 " + _title(language, "emergency") not in c.dial():
                    raise world.Failure(f"{kind.__name__}: asked again: {c.page}")


def what_comes_late_and_out_of_order_moves_nothing():
    """An older step of the same session, once more, behind a newer one."""
    with MenuWorld().start() as w:
        for kind in (AfricasTalking, RestComm, Junebug):
            c = kind(w, "+77010000008")
            c.dial()
            asked = []
            for digit in ("2", "5", "1", "0", "5"):
                c.type(digit)
                asked.append((getattr(c, "last", None), list(getattr(c, "history", []))))
            newest = asked[-1]
            for old in (asked[2], asked[1], asked[3]):
                c.last, c.history = old
                c.took(c.again())
            c.last, c.history = newest
            if "3 " + _title("ru", "wages") not in c.took(c.again()):
                raise world.Failure(f"{kind.__name__}: an old step moved something")
            c.type("0")
            if "1 " + _title("ru", "emergency") not in c.page:
                raise world.Failure(f"{kind.__name__}: {c.page}")
            c.hang_up()


def steps_that_come_at_once_are_answered_once():
    with MenuWorld().start() as w, concurrent.futures.ThreadPoolExecutor(8) as pool:
        for kind in (AfricasTalking, RestComm, Junebug):
            for i in range(10):
                c = kind(w, f"+7701000006{i}")
                c.dial()
                c.type("2")
                first = c.type("5")
                same = [a for a in pool.map(lambda _: c.again(), range(8)) if a[0] != 409]
                if any(a[0] != 200 for a in same) or len({a[1] for a in same}) != 1:
                    raise world.Failure(f"{kind.__name__}: {same}")
                if c.type("0") == first or "5 " + _title("ru", "work") not in c.page:
                    raise world.Failure(f"{kind.__name__}: {c.page}")
                c.hang_up()
