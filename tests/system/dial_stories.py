# SPDX-License-Identifier: GPL-3.0-or-later
"""A virtual phone dials: USSD sessions of `safar phone` with the real daemon."""
import json
import os
import pty
import queue
import re
import shutil
import subprocess
import threading

from callers import CALLERS, text
from world import LANGUAGES, ROOT, Failure, World, until

LOOPBACK = "[link phones]\ntype = loopback\ncode = *123#\n"
AISHA = "+77010000001"
TITLES = {topic: text("ru", f"topic.{topic}.title") for topic in ("work", "wages")}


def _world(link=LOOPBACK, **kinds):
    return World(extra=link, **kinds)


def _check(condition, what):
    if not condition:
        raise Failure(what)


def _dial(w, lines, number=AISHA, code=0):
    """What the phone shows for these lines, a dict each, without the echoes of what was typed."""
    done = w.safar("phone", "--number", number, "--json", text="".join(f"{l}\n" for l in lines),
                   code=code)
    told = [json.loads(line) for line in done.stdout.splitlines()]
    return [t for t in told if "typed" not in t and "dialled" not in t]


class _Phone:
    """A phone that stays on while the daemon is killed or a message comes."""

    def __init__(self, w, number):
        self.process = subprocess.Popen([w.build / "safar", "-c", w.config, "phone", "--number",
                                         number, "--json"], stdin=subprocess.PIPE,
                                        stdout=subprocess.PIPE, text=True)
        self.lines = queue.Queue()
        threading.Thread(target=self.read, daemon=True).start()

    def read(self):
        for line in self.process.stdout:
            self.lines.put(json.loads(line))

    def type(self, line):
        self.process.stdin.write(line + "\n")
        self.process.stdin.flush()
        while True:
            told = self.lines.get(timeout=60)
            if "page" in told:
                return told["page"]

    def close(self):
        self.process.stdin.close()
        _check(self.process.wait(60) == 0, "the phone ended badly")


# ---- stories

def a_phone_dials_and_reads_pages_within_their_limits():
    with _world().start() as w:
        languages, menu, work, wages = _dial(w, ["/dial *123#", "2", "5", "3"])
        _check("2 русский" in languages["page"], languages)
        _check(f"5 {TITLES['work']}" in menu["page"] and f"3 {TITLES['wages']}" in work["page"],
               (menu, work))
        for page in (languages, menu, work, wages):
            _check(page["alphabet"] == "UCS-2" and page["units"] <= page["room"] == 80 and
                   page["open"], page)
        done = w.safar("phone", "--number", "+998900000001", text="/dial *123*3*5#\n")
        _check("3 " + text("uz", "topic.wages.title") in done.stdout and
               len(done.stdout.strip()) <= 182, done.stdout)


def the_limits_of_an_operator_can_be_tried():
    with _world(LOOPBACK + "page = 100\nletters = gsm7\n").start() as w:
        pages = _dial(w, ["/dial *123#", "2", "5", "3"])
        for page in pages:
            _check(page["alphabet"] == "GSM-7" and page["units"] <= page["room"] == 100 and
                   page["page"].isascii(), page)
        _check(any(c.isalpha() for c in pages[1]["page"]) and "?" not in pages[1]["page"], pages)


def a_text_that_is_asked_for_comes_to_the_phone():
    with _world().start() as w:
        *pages, sms = _dial(w, ["/dial *123#", "2", "2", "99", "9", "/wait 20"])
        _check(not pages[-1]["open"] and "SMS" in pages[-1]["page"], pages)
        _check("11616" in sms["to_phone"], sms)
        _check([e for e in w.transcript() if e["event"] == "submit"] == [], "a modem sent it")


def who_hangs_up_is_asked_whether_to_continue_but_not_after_a_sensitive_topic():
    with _world().start() as w:
        pages = _dial(w, ["/dial *123#", "2", "5", "/end", "/dial *123#", "1"])
        _check(pages[3]["page"] == f"1 {text('ru', 'ussd.continue')}\n2 {text('ru', 'ussd.again')}",
               pages)
        _check(pages[4]["page"] == pages[2]["page"], pages)
        pages = _dial(w, ["/dial *123#", "2", "6", "1", "/end", "/dial *123#"], "+77010000002")
        _check(pages[-1]["page"] == pages[1]["page"], pages) # the menu, as on the first day


def behind_a_session_lines_are_texts_again():
    with _world().start() as w:
        told = _dial(w, ["помогите", "/dial *123#", "/end", "помогите", "/end", "/dial me"], code=2)
        _check("11616" in told[1]["to_phone"] and told[2]["open"], told)
        _check(told[3]["from_phone"] == "помогите" and "11616" in told[4]["to_phone"], told)
        _check([t.get("refused") for t in told[5:]] == [5, 6], told)
        done = w.safar("phone", "--number", AISHA, text="/dial *124#\n", code=2)
        _check("its code is another" in done.stderr, done)


def a_session_goes_on_when_the_daemon_was_killed_in_its_middle():
    with _world().start() as w:
        phone = _Phone(w, AISHA)
        phone.type("/dial *123#")
        phone.type("2")
        w.kill()
        pages = []
        typing = threading.Thread(target=lambda: pages.append(phone.type("5")))
        typing.start()  # while nobody is there
        w.start()       # by this thread: the daemon ends with the one that started it
        typing.join()
        _check(pages and f"3 {TITLES['wages']}" in pages[0], pages)
        phone.close()


def a_page_stands_on_an_old_phones_screen():
    with _world().start() as w:
        leader, follower = pty.openpty()
        phone = subprocess.Popen([w.build / "safar", "-c", w.config, "phone", "--number", AISHA],
                                 stdin=follower, stdout=follower, stderr=follower,
                                 env=dict(w.environment, TERM="xterm"))
        os.close(follower)
        shown = bytearray()

        def read():
            try:
                while piece := os.read(leader, 65536):
                    shown.extend(piece)
            except OSError:
                pass
        reader = threading.Thread(target=read, daemon=True)
        reader.start()

        def sees(words):
            until(words, lambda: words in shown.decode("utf-8", "replace"))
        sees("/dial *123#; /quit")
        for line, words in (("/dial *123#", "USSD, UCS-2, "), ("2", f"|5 {TITLES['work']}"),
                            ("5", f"|3 {TITLES['wages']}"), ("/end", "The session is over.")):
            os.write(leader, (line + "\n").encode())
            sees(words)
        sees("Type an answer and Enter; /end")
        os.write(leader, b"/quit\n")
        _check(phone.wait(30) == 0, "the phone ended badly")
        os.close(leader)
        reader.join(30)
        frame = re.findall(r"\|([^|\r\n]*)\|", shown.decode("utf-8", "replace"))
        _check(all(len(row) == 18 for row in frame), frame)


def callers_abroad_are_told_where_the_number_works():
    with _world().start() as w:
        abroad = text("ru", "answer.abroad").split("{")[0]
        for number in CALLERS:
            pages = _dial(w, ["/dial *123#", "2", "3"], number)
            is_told = pages[-1]["page"].startswith(abroad)
            _check(is_told != number.startswith("+77"), (number, pages[-1]))
            _check(pages[0]["page"].startswith("11616") != is_told, (number, pages[0]))


def _with_local_shelter(w):
    """The same content with a shelter in one town; the number is a test's."""
    folder = w.folder / "messages"
    shutil.copytree(ROOT / "messages", folder)
    path = folder / "directory.json"
    directory = json.loads(path.read_text())
    like = next(e for e in directory["entries"] if e["id"] == "hotline")
    directory["entries"].append(dict(like, id="test-shelter", organisation="a test",
                                     kind="shelter", towns=["shymkent"], regions=["turkistan"],
                                     number="12345", source="a test"))
    path.write_text(json.dumps(directory, ensure_ascii=False))
    w.config.write_text(w.config.read_text().replace(f"{ROOT}/messages", str(folder)))
    return w


def _place(w, lines, number=AISHA):
    """All that the last place says: its pages are read to the end."""
    told = _dial(w, ["/dial *123#", *lines, "99", "99", "99", "/end"], number)
    pages = [p["page"] for p in told[len(lines):]]
    return " ".join("\n".join(pages).split())


def a_town_that_is_typed_gives_the_nearest_service_for_the_whole_session():
    question = text("ru", "answer.town").split(":")[0]
    with _world() as w:
        _with_local_shelter(w).start()
        asked = _place(w, ["2", "3"])
        _check("11616" in asked and "12345" not in asked and question in asked, asked)
        for i, word in enumerate(("Шымкентте", "из Шымкента", "shymkent", "туркестанская область")):
            near = _place(w, ["2", "3", word], f"+7701000001{i}")
            _check("12345" in near and question not in near, (word, near))
        far = _place(w, ["2", "3", "Астана"], "+77010000020")
        _check("11616" in far and "12345" not in far and question not in far, far)
        again = _place(w, ["2", "3", "Шымкент", "0", "5", "0", "3"], "+77010000021")
        _check("12345" in again and question not in again, again)
        *_, sms = _dial(w, ["/dial *123#", "2", "3", "Шымкент", "99", "9", "/wait 20"], "+77010000023")
        _check("12345" in sms["to_phone"], sms)
        wrong = _dial(w, ["/dial *123#", "2", "3", "ыыы", "7"], "+77010000022")
        for page in wrong[-2:]:
            _check(page["page"].startswith(text("ru", "ussd.wrong")), page)


def without_a_local_service_no_town_is_asked_for():
    with _world().start() as w:
        asked = _place(w, ["2", "3"])
        _check(text("ru", "answer.town").split(":")[0] not in asked, asked)
        wrong = _dial(w, ["/dial *123#", "2", "3", "Шымкент"], "+77010000022")[-1]
        _check(wrong["page"].startswith(text("ru", "ussd.wrong")), wrong)


def the_dialogs_in_plain_text_are_what_a_phone_shows():
    """tests/menus/TAG.txt, in the form of tests/dialogs: what is typed, then the page. With
    SAFAR_DIALOGS=write in the environment they are written anew, to be read before they are kept."""
    with _world().start() as w:
        for i, language in enumerate(LANGUAGES):
            path = ROOT / "tests" / "menus" / f"{language}.txt"
            typed = re.findall(r"^> (.*)$", path.read_text(), re.M)
            pages = iter(_dial(w, typed, f"+7701000007{i}"))
            told = ""
            for line in typed:
                told += f"> {line}\n"
                if line != "/end":
                    told += "".join(f"< {row}\n" for row in next(pages)["page"].split("\n"))
            if os.environ.get("SAFAR_DIALOGS") == "write":
                path.write_text(told)
            _check(told == path.read_text(), f"{path}: now it is\n{told}")
