# SPDX-License-Identifier: GPL-3.0-or-later
"""Virtual phones: dialogs with the real daemon over a loopback link, beside a modem."""
import contextlib
import fcntl
import json
import os
import pty
import queue
import re
import select
import signal
import socket
import sqlite3
import struct
import subprocess
import termios
import threading
import time

from world import BROADCAST, Failure, World, until

LOOPBACK = "[link phones]\ntype = loopback\nprice = 15\n"
AISHA, DILSHOD, VISITOR = "+77010000001", "+77020000002", "+996700000003"


def _check(condition, what):
    if not condition:
        raise Failure(what)


def _world(**kinds):
    return World(extra=LOOPBACK, **kinds)


def _script(w, number, lines, *args, code=0):
    """Each line is a text; gives what was printed, by line."""
    done = w.safar("phone", "--number", number, *args, text="".join(f"{l}\n" for l in lines),
                   code=code)
    return done.stdout.splitlines()


def _json(w, number, lines, code=0):
    return [json.loads(line) for line in _script(w, number, lines, "--json", code=code)]


class _Phone:
    """A phone that stays on: lines are written to it, what it prints is waited for."""

    def __init__(self, w, number):
        self.process = subprocess.Popen([w.build / "safar", "-c", w.config, "phone", "--number",
                                         number, "--json"], stdin=subprocess.PIPE,
                                        stdout=subprocess.PIPE, text=True)
        self.lines = queue.Queue()
        self.reader = threading.Thread(target=self.read, daemon=True)
        self.reader.start()

    def read(self):
        for line in self.process.stdout:
            self.lines.put(json.loads(line))

    def type(self, line):
        self.process.stdin.write(line + "\n")
        self.process.stdin.flush()

    def next(self, limit=30):
        try:
            return self.lines.get(timeout=limit)
        except queue.Empty:
            raise Failure(f"the phone shows nothing within {limit} s") from None

    def answer(self, line):
        self.type(line)
        _check(self.next().get("answered") is not False, f"{line}: not answered")
        return self.next()["to_phone"]

    def close(self, code=0):
        self.process.stdin.close()
        _check(self.process.wait(60) == code, f"exit {self.process.returncode}, not {code}")
        self.reader.join(30)
        return [self.lines.get() for _ in range(self.lines.qsize())]


def _request(w, verb, number, wait=True, phone="ab" * 16, **more):
    """What `safar phone` would ask, for stories in which it goes away in between."""
    sock = socket.socket(socket.AF_UNIX)
    sock.settimeout(60)
    sock.connect(str(w.data / "safar.sock"))
    sock.sendall(json.dumps({"verb": verb, "link": "phones", "number": number, "phone": phone,
                             **more}).encode())
    sock.shutdown(socket.SHUT_WR)
    if not wait:
        return sock
    with sock, sock.makefile() as answer:
        return json.loads(answer.read())


def _send(w, number, text, request="01" * 16, **more):
    return _request(w, "phone-text", number, text=text, request=request, **more)


def _part(w, number, **more):
    """The next part, asked for without a word that it came."""
    return until("a part comes", lambda: (lambda a: a if a.get("message") else None)(
        _request(w, "phone-wait", number, **more)))


def _phones_on(w):
    link = next(l for l in w.status()["links"] if l["name"] == "phones")
    return int(re.search(r"phones: (\d+)", link["reason"]).group(1))


def a_question_by_a_phone_gets_its_answer_and_no_modem_sends_it():
    with _world().start() as w:
        lines = _script(w, AISHA, ["помогите"])
        _check("11616" in lines[0] and lines[1:] == ["Удалите это сообщение.", "Язык: 0"], lines)
        asked, told = _json(w, DILSHOD, ["yordam kerak"])
        _check(asked == {"from_phone": "yordam kerak", "answered": True}, asked)
        _check("11616" in told["to_phone"] and told["alphabet"] == "GSM-7" and
               told["parts"] == 1 and told["units"] == len(told["to_phone"]), told)
        status = until("both are reported", lambda: (lambda s: s if s["deliveries"]["delivered"] == 2
                                                     else None)(w.status()))
        link = next(l for l in status["links"] if l["name"] == "phones")
        _check(link["type"] == "loopback" and link["sent"] == 3, link)
        _check("loopback" in w.safar("status").stdout, "the table doesn't say so")
        _check([e for e in w.transcript() if e["event"] == "submit"] == [], "a modem sent it")
        _check({m["link"] for m in w.inbox()} == {"phones"}, w.inbox())


def a_missed_call_is_answered():
    with _world().start() as w:
        rang, told = _json(w, AISHA, ["/call"])
        _check(rang == {"from_phone": "", "call": True, "answered": True}, rang)
        _check("11616" in told["to_phone"], told)


def who_rings_twice_is_kept_for_staff_until_somebody_rang_them():
    with _world().start() as w:
        said = _json(w, AISHA, ["/call", "/call"])
        _check([line["answered"] for line in said if line.get("call")] == [True, False], said)
        _check("1 want to be rung" in w.safar("status").stdout, w.safar("status").stdout)
        table = w.safar("calls").stdout
        _check("+7 … 01" in table and AISHA not in table, table)
        row = json.loads(w.safar("calls", "--json").stdout.splitlines()[0])
        _check(row["times"] == 1 and AISHA not in str(row), row)
        _check(AISHA in w.safar("calls", "--show-numbers").stdout, "the number to ring")
        w.kill()
        for file in w.data.glob("safar.db*"):
            _check(AISHA[1:].encode() not in file.read_bytes(), f"{file.name}: the number is in it")
        w.start()
        _check("1 want to be rung" in w.safar("status").stdout, "after a crash")
        w.safar("calls", "done", str(row["id"]))
        w.safar("calls", "done", str(row["id"]), code=5)
        w.safar("calls", "done", "nobody", code=2)
        w.safar("calls", "dnoe", str(row["id"]), code=2)
        _check("want to be rung" not in w.safar("status").stdout, "it was done")


def words_that_nobody_knows_are_counted_without_names_and_digits():
    with _world().start() as w:
        for n in range(3):
            _script(w, f"+7701000020{n}", [f"где купить трактор, спросить Айгуль {87010000000 + n}"])
        _script(w, AISHA, ["самовар самовар самовар", "где самовар", "почём самовар"])  # one person's
        said = w.safar("content", "gaps").stdout
        _check("traktor" in said and "3" in said, said)
        _check("samovar" not in said and "aigul" not in said and "8701" not in said, said)
        _check("in fewer than 3 questions" in said, said)
        rows = [json.loads(line) for line in w.safar("content", "gaps", "--json").stdout.splitlines()]
        _check({"questions": 3, "language": "ru", "word": "traktor"} in rows, rows)


def a_long_text_comes_in_parts_and_is_joined():
    with _world().start() as w:
        phone = _Phone(w, AISHA)
        until("it is on", lambda: _phones_on(w) == 1)
        long = "Ж" * 66 + "😀" * 3 + "я" * 60
        w.safar("send", AISHA, long)
        told = phone.next()
        _check(told == {"to_phone": long, "parts": 2, "alphabet": "UCS-2", "units": 132}, told)
        w.safar("send", "--flash", AISHA, "shown at once")
        told = phone.next()
        _check(told["flash"] is True and told["to_phone"] == "shown at once", told)
        phone.close()
        _check(w.settled()["delivered"] == 2, w.status())


def a_long_question_is_cut_and_joined_as_a_phone_would():
    with _world().start() as w:
        long = "помогите " + "у меня забрали документы и не отдают, что мне делать теперь " * 3
        asked, told = _json(w, AISHA, [long])
        _check(asked["answered"] and "11616" in told["to_phone"], told)
        _check(len(w.inbox()) == 1, w.inbox())


def two_phones_never_see_each_others_messages():
    with _world().start() as w:
        seen = {}

        def talk(number, question):
            seen[number] = _json(w, number, [question, "/call", question, question])
        talks = [threading.Thread(target=talk, args=pair) for pair in
                 ((AISHA, "помогите"), (DILSHOD, "yordam kerak"))]
        for one in talks:
            one.start()
        for one in talks:
            one.join(60)
        for number, alphabet in ((AISHA, "UCS-2"), (DILSHOD, "GSM-7")):
            told = [line["alphabet"] for line in seen[number] if "to_phone" in line]
            _check(told == [alphabet] * 4, seen[number])


def one_number_is_one_phone():
    with _world().start() as w:
        phone = _Phone(w, AISHA)
        until("it is on", lambda: _phones_on(w) == 1)
        _script(w, AISHA, ["помогите"], code=6)
        phone.answer("помогите")
        phone.process.kill()  # it goes without a word
        phone.process.wait()
        until("the next one has its number", lambda: w.safar(
            "phone", "--number", AISHA, text="помогите\n", code=None).returncode == 0)


def a_restart_in_mid_dialog_costs_nothing():
    with _world().start() as w:
        phone = _Phone(w, AISHA)
        first = phone.answer("язык")
        w.restart()
        _check(phone.answer("язык") == first, "after a stop")
        w.kill()
        phone.type("язык")  # while nobody is there
        w.start()
        _check(phone.next()["answered"], "after a crash")
        _check(phone.next()["to_phone"] == first, "after a crash")
        _check(phone.close() == [], "something came twice")


def a_question_that_was_not_fetched_is_answered_after_a_crash():
    with _world().start() as w:
        _check(_send(w, AISHA, "язык")["answered"], "no answer")
        w.kill()
        w.start()
        again = _send(w, AISHA, "язык")  # its answer had been lost: it is the same message
        _check(again["ok"] and again["known"] and not again["answered"], again)
        part = _part(w, AISHA)
        _request(w, "phone-leave", AISHA, got=str(part["message"]), got_part=part["part"])
        w.settled()
        _check([d["state"] for d in w.outbox()] == ["delivered"], w.outbox())
        _check(len(w.inbox()) == 1, w.inbox())


def a_part_that_a_crash_fell_on_comes_again_and_the_phone_drops_the_copy():
    with _world().start() as w:
        _send(w, AISHA, "язык")
        told = _part(w, AISHA)
        w.kill()  # told, and not yet a word that it is there
        w.start()
        again = _part(w, AISHA)
        _check(again == told, again)
        _request(w, "phone-leave", AISHA, got=str(told["message"]), got_part=told["part"])
        w.settled()
        _check([d["state"] for d in w.outbox()] == ["delivered"], w.outbox())


def what_a_phone_does_not_fetch_waits_in_the_store():
    with _world().start() as w:
        for n in range(6):
            _send(w, AISHA, "язык", request=f"{n:032x}")
        _request(w, "phone-leave", AISHA)
        until("it is off", lambda: _phones_on(w) == 0)
        w.restart()
        until("all wait", lambda: w.status()["deliveries"]["queued"] == 6)
        seen, got = [], {}
        while len(seen) < 6:
            part = _part(w, AISHA, **got)
            seen.append(part["message"])
            got = {"got": str(part["message"]), "got_part": 1}
        _check(len(set(seen)) == 6, seen)
        _request(w, "phone-leave", AISHA, **got)
        _check(w.settled()["delivered"] == 6, w.status())


def a_full_queue_says_so_and_nothing_is_lost():
    with _world().start() as w:
        _send(w, AISHA, "помогите", request="ff" * 16)
        path = w.data / "safar.db"
        with contextlib.closing(sqlite3.connect(path, isolation_level=None)) as other:
            other.execute("BEGIN IMMEDIATE")  # nothing can be written meanwhile
            waiting = [_request(w, "phone-text", AISHA, wait=False, text="помогите",
                                request=f"{n:032x}") for n in range(4)]
            full = _send(w, AISHA, "помогите", request="ee" * 16)
            _check(full["error"] == "busy" and "queue is full" in full["text"], full)
            _check(w.safar("settings").returncode == 0, "the control socket")
            began = time.monotonic()
            _check(w.status() is not None and time.monotonic() - began < 5, "status waits for it")
            other.execute("ROLLBACK")
        for sock in waiting:
            with sock, sock.makefile() as answer:
                _check(json.loads(answer.read()).get("answered"), "one of those that waited")


def a_ninth_phone_is_refused():
    with _world().start() as w:
        numbers = [f"+7701000010{n}" for n in range(9)]
        socks = [_request(w, "phone-wait", number, wait=False, phone=f"{n:032x}")
                 for n, number in enumerate(numbers[:8])]
        until("eight are on", lambda: _phones_on(w) == 8)
        _check("eight are on" in w.safar("phone", "--number", numbers[8], text="помогите\n",
                                         code=6).stderr, "the ninth")
        for sock in socks:
            sock.close()
        until("all went", lambda: _phones_on(w) == 0)
        _check("11616" in _script(w, numbers[8], ["помогите"])[0], "the ninth, later")


def a_broadcast_reaches_a_phone_that_is_on_and_the_modem_sends_the_rest():
    with _world().start() as w:
        phone = _Phone(w, DILSHOD)
        until("it is on", lambda: _phones_on(w) == 1)
        other = "+77000000009"
        sent = w.broadcast([(DILSHOD, "uz"), (other, "ru")], None, "--wait")
        _check(sent["price"] == 30, sent)
        told = phone.next()
        _check(told["to_phone"] == BROADCAST["uz"], told)
        _check(w.wait_phone(other, 1) == [BROADCAST["ru"]], "the modem's")
        _check(w.texts(DILSHOD) == [], "the modem sent the phone's, too")
        phone.type("/wait 30")
        w.safar("send", DILSHOD, "first")
        _check(phone.next()["to_phone"] == "first", "a text of staff")
        _check(phone.close() == [], "too much")
        w.safar("send", DILSHOD, "second")  # it is off: this is a number like any other
        _check(w.wait_phone(DILSHOD, 1) == ["second"], "after it went")


def a_phone_takes_nothing_that_a_modem_was_asked():
    with _world().start() as w:
        phone = _Phone(w, AISHA)
        until("it is on", lambda: _phones_on(w) == 1)
        w.tell("sms", 0, AISHA, "помогите")  # somebody really has this number
        _check("11616" in w.wait_phone(AISHA, 1)[0], "the modem's answer")
        _check(phone.close(code=0) == [], "the phone saw it")


def what_is_no_text_is_refused_and_the_rest_goes_on():
    with _world().start() as w:
        done = subprocess.run([w.build / "safar", "-c", w.config, "phone", "--number", AISHA],
                              input=b"\x1b[2Jhello\n" + b"x" * 10000 + b"\n" + b"\xff\xfe\n" +
                              b"y" * 100000 + b"\n" + b"nul\x00nul\n" + b"/shout\n/dial 100\n" +
                              "помогите".encode(), capture_output=True, timeout=60)
        out, err = done.stdout.decode(), done.stderr.decode()
        _check(done.returncode == 2, done)
        _check(out.count("\n") == 3 and "11616" in out, out)
        for line, word in ((1, "no phone shows"), (2, "more than 10 parts"), (3, "no phone shows"),
                           (4, "longer than any text"), (5, "no phone shows"), (6, "no command"),
                           (7, "dials no code")):
            _check(re.search(rf"line {line} .*{word}", err), f"{line}: {err}")
        _check(len(w.inbox()) == 1, w.inbox())
        for bad in ({"text": "a\u0007b"}, {"text": "x" * 5000}, {"number": "12345", "text": "a"},
                    {"number": "name", "text": "a"}, {"request": "zz", "text": "a"}, {},
                    {"link": "m0", "text": "a"}, {"text": 5}):
            answer = _request(w, "phone-text", **{"number": AISHA, "request": "01" * 16, **bad})
            _check(answer["error"] == "bad_input", (bad, answer))
        _check(_request(w, "phone-wait", AISHA, link="no")["error"] == "not_found", "a link")
        _check(_request(w, "phone-wait", AISHA, got="x")["error"] == "bad_input", "a part")
        w.safar("ussd", "phones", "*100#", code=2)
        _check(len(w.inbox()) == 1, w.inbox())


def what_a_phone_says_and_hears_is_in_no_log():
    with _world().start() as w:
        _script(w, AISHA, ["помогите, меня зовут Айша"])
        phone = _Phone(w, DILSHOD)
        until("it is on", lambda: _phones_on(w) == 1)
        w.safar("send", DILSHOD, "a secret word")
        phone.next()
        phone.close()
        w.stop()
        log = w.log.read_text()
        for word in ("помогите", "Айша", "secret", "11616", AISHA[1:], DILSHOD[1:]):
            _check(word not in log, f"{word} is in the log")
        with contextlib.closing(sqlite3.connect(w.data / "safar.db")) as db:
            rows = db.execute("SELECT what, detail FROM audit WHERE what='phone'").fetchall()
        _check(rows == [("phone", "link phones")] * 2, rows)


def what_is_not_answered_is_told_with_the_exit_code():
    with _world().start() as w:
        told = _json(w, AISHA, ["стоп", "стоп"])
        _check([line.get("answered") for line in told] == [True, None, False], told)
        _check(_json(w, AISHA, ["стоп"], code=1) == [{"from_phone": "стоп", "answered": False}], "")
        _check(_json(w, AISHA, ["/wait 1"], code=1) == [{"missing": 1}], "nothing came")


def without_a_loopback_or_a_daemon_a_phone_says_what_to_do():
    with World() as w:
        w.start()
        _check("type = loopback" in w.safar("phone", "--number", AISHA, text="", code=2).stderr, "")
    with _world().start() as w:
        w.stop()
        _check("start it" in w.safar("phone", "--number", AISHA, text="помогите\n", code=5).stderr,
               "no daemon")
        w.extra += "pin = 1234\n"
        w.write_config()
        done = subprocess.run([w.build / "safard", "-c", w.config, "--check"], text=True,
                              capture_output=True)
        _check(done.returncode == 2 and "a loopback link has no pin" in done.stderr, done)


def a_loopback_comes_and_goes_with_the_configuration():
    with World().start() as w:
        w.extra = LOOPBACK
        w.write_config()
        w.daemon.send_signal(signal.SIGHUP)
        until("it is there", lambda: w.links_are("ready"))
        phone = _Phone(w, AISHA)
        phone.answer("помогите")
        w.extra = ""
        w.write_config()
        w.daemon.send_signal(signal.SIGHUP)
        until("it is gone", lambda: len(w.status()["links"]) == 1)
        told = phone.next()
        _check(told["ok"] is False and told["error"] == "not_found", told)
        _check(phone.process.wait(30) == 5, "exit")


def a_terminal_shows_the_answer_on_a_small_screen():
    with _world().start() as w:
        master, slave = pty.openpty()
        fcntl.ioctl(slave, termios.TIOCSWINSZ, struct.pack("HHHH", 24, 80, 0, 0))
        phone = subprocess.Popen([w.build / "safar", "-c", w.config, "phone", "--number", AISHA],
                                 stdin=slave, stdout=slave, stderr=slave)
        seen = b""

        def shows(word):
            nonlocal seen
            while select.select([master], [], [], 0)[0]:
                seen += os.read(master, 65536)
            return word in seen.decode(errors="replace")
        until("it is drawn", lambda: shows("Type a text"))
        os.write(master, "помогите\n".encode())
        until("the answer is there", lambda: shows("2 parts, UCS-2") and shows("11616"))
        rows = re.findall(r"  \|([^|\r]*)\|\r+\n", seen.decode(errors="replace"))
        _check(rows and all(len(row) == 18 for row in rows), rows)
        w.safar("send", AISHA, "\n".join(f"line {n}" for n in range(12)))
        until("the next one is told of", lambda: shows("Enter: ") or shows("line 7"))
        os.write(master, b"\n")
        until("the end can be read", lambda: shows("line 11"))
        os.write(master, b"/quit\n")
        _check(phone.wait(30) == 0, "exit")
        os.close(slave)
        os.close(master)
        until("it is off", lambda: _phones_on(w) == 0)
