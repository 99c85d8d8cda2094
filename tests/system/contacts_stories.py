# SPDX-License-Identifier: GPL-3.0-or-later
"""What a coordinator does with lists of people: import, look, count, tag, show, forget."""
import json
import os
import sqlite3
import subprocess

from world import Failure, World, until

HEADER = "ФИО;Телефон;Язык;Город;Дата согласия;Канал;Текст согласия;Подтверждение\n"
AGREED = "12.05.2026;бумага;Мне можно писать о безопасной работе;лист 5"


def _check(good, what):
    if not good:
        raise Failure(what)


def _list(w, text, encoding="utf-8", name="people.csv"):
    path = w.folder / name
    path.write_bytes(text.encode(encoding))
    return path


def _import(w, text, *args, encoding="utf-8", code=0):
    """The rows that were left out, and the last object."""
    done = w.safar("contacts", "import", _list(w, text, encoding), "--yes", "--json", *args,
                   code=code)
    lines = [json.loads(line) for line in done.stdout.splitlines()]
    return lines[:-1], lines[-1]


def _contacts(w, *args):
    done = w.safar("contacts", "list", "--json", *args)
    return [json.loads(line) for line in done.stdout.splitlines()]


def _show(w, number, code=0):
    done = w.safar("contacts", "show", "-", "--json", text=number + "\n", code=code)
    return json.loads(done.stdout)


def _people(count, first=0, language="каз"):
    return "".join(f";8701{first + i:07d};{language};Алматы;{AGREED}\n" for i in range(count))


def _with_keys(**options):
    w = World(extra="[link phones]\ntype = loopback\n", **options)
    w.safar("keys", "new")
    return w


def a_list_is_judged_first_and_written_after_a_yes():
    with _with_keys() as w:
        w.start()
        path = _list(w, HEADER + f"Айгуль;8 (701) 000-00-01;каз;Алматы;{AGREED}\n"
                     "Иван;+7 705 000 00 02;рус;;;;;\n"
                     "Пётр;7,70101E+10;рус;;;;;\n"
                     "Дубль;87010000001;каз;;;;;\n")
        done = w.safar("contacts", "import", path, code=3, text="")
        for part in ("line 4 is left out", "line 5 is left out", "the same number as line 2",
                     "2 added, 0 updated, 2 rejected", "1 of them have agreed to nothing"):
            _check(part in done.stdout, done.stdout)
        for name in ("Айгуль", "87010000001", "Пётр"):
            _check(name not in done.stdout + done.stderr, "a person is in the output")
        _check(_contacts(w) == [], "a dry run wrote something")
        bad, end = _import(w, path.read_text())
        _check([b["line"] for b in bad] == [4, 5], bad)
        _check((end["added"], end["updated"], end["rejected"], end["without_consent"]) ==
               (2, 0, 2, 1), end)
        _, end = _import(w, path.read_text())
        _check((end["added"], end["updated"], end["rejected"]) == (0, 2, 2), end)
        shown = {c["language"]: c for c in _contacts(w)}
        _check(shown["kk"]["to"] == "+7 … 01" and shown["kk"]["region"] == "almaty" and
               shown["kk"]["operator"] == "kcell" and shown["kk"]["consent"] == "yes", shown)
        _check(shown["ru"]["consent"] == "no", shown)
        log = w.log.read_text()
        _check("7010000001" not in log and "7050000002" not in log, "a number is in the log")


def a_list_may_come_in_any_encoding_that_a_spreadsheet_writes():
    with _with_keys() as w:
        w.start()
        for i, (encoding, by) in enumerate((("utf-8-sig", ";"), ("utf-16", "\t"),
                                            ("cp1251", ";"), ("utf-16-le", ","))):
            number = f"+7701000010{i}"
            text = f"Телефон;Язык;Город\r\n{number};казахский;Шымкент\r\n".replace(";", by)
            _, end = _import(w, text, encoding=encoding)
            _check(end["added"] == 1, (encoding, end))
            person = _show(w, number)
            _check(person["region"] == "turkistan" and person["language"] == "kk",
                   (encoding, person))


def what_is_held_on_one_person_is_shown_and_erased_for_good():
    with _with_keys() as w:
        w.start()
        _import(w, HEADER + _people(3), "--tag", "market")
        person = _show(w, "+7 701 000 00 01")
        _check(person["to"] == "+77010000001" and person["tags"] == ["market"] and
               person["stop"] is False, person)
        consent = person["consent"][0]
        _check(consent["at"] == "2026-05-12T00:00:00Z" and consent["channel"] == "бумага" and
               consent["proof"] == "лист 5", consent)
        rows = sqlite3.connect(w.data / "safar.db")
        number, sealed = rows.execute("SELECT number,sealed FROM contact WHERE id=?",
                                      (person["id"],)).fetchone()
        rows.close()

        def traces():
            held = b"".join((w.data / f"safar.db{end}").read_bytes() for end in ("", "-wal"))
            return number in held, sealed in held
        _check(traces() == (True, True), "it isn't where it is looked for")
        w.safar("contacts", "forget", person["id"], code=3)  # not without --yes
        done = json.loads(w.safar("contacts", "forget", person["id"], "--yes", "--json").stdout)
        _check(done["erased"] == {"contacts": 1, "tags": 1, "consents": 1, "deliveries": 0}, done)
        _check(set(done["left"].values()) == {0} and done["settled"], done)
        _check(traces() == (False, False), "octets of it are left in the store")
        _show(w, "+77010000001", code=5)
        w.safar("contacts", "forget", "-", "--yes", text="+77010000001\n", code=5)
        _check(len(_contacts(w)) == 2, "somebody else went, too")


def a_stop_outlives_import_and_erasure():
    with _with_keys() as w:
        w.start()
        _import(w, HEADER + _people(2))
        subprocess.run([w.build / "safar", "-c", w.config, "phone", "--number", "+77010000001"],
                       input="стоп\n", text=True, check=True, capture_output=True, timeout=60)
        until("the STOP is counted", lambda: _show(w, "+77010000001")["stop"])
        _, end = _import(w, HEADER + _people(2))
        _check(end["stopped"] == 1, end)
        _check(sorted(c["consent"] for c in _contacts(w)) == ["stop", "yes"], _contacts(w))
        done = json.loads(w.safar("contacts", "forget", "-", "--yes", "--json",
                                  text="+77010000001\n").stdout)
        _check(done["stop"] is True and set(done["left"].values()) == {0}, done)
        _, end = _import(w, HEADER + _people(2))
        _check(end["added"] == 1 and end["stopped"] == 1, end)
        w.safar("send", "+77010000001", "hello", code=3)


def a_segment_tells_how_many_unless_it_might_point_at_somebody():
    with _with_keys() as w:
        w.start()
        _import(w, HEADER + _people(12) + _people(5, 500, "кырг"))
        w.safar("segment", "save", "kazakh", "language=kk", "region=almaty")
        w.safar("segment", "save", "kyrgyz", "language=ky")
        rows = {}
        for line in w.safar("segment", "list", "--json").stdout.splitlines():
            row = json.loads(line)
            rows[row["name"]] = row
        _check(rows["kazakh"]["people"] == 12 and rows["kazakh"]["willing"] == 12, rows)
        _check(rows["kyrgyz"]["people"] is None and rows["kyrgyz"]["fewer_than"] == 11, rows)
        _check("fewer than 11 people" in w.safar("segment", "list").stdout, "in words")
        w.safar("contacts", "tag", "May", "kazakh")
        _check(w.safar("contacts", "find", "tag=may").stdout.startswith("12 people"), "tagged")
        _check(len(_contacts(w, "tag=may", "language=kk,ru")) == 12, "listed")
        w.safar("contacts", "untag", "may", "language=kk")
        _check(_contacts(w, "tag=may") == [], "untagged")
        _import(w, HEADER + _people(3, 100))  # the count is of now
        _check("15 people" in w.safar("contacts", "find", "kazakh").stdout, "live")
        w.safar("segment", "drop", "kazakh")
        w.safar("contacts", "find", "kazakh", code=5)
        w.safar("segment", "save", "x", "colour=red", code=2)


def without_open_keys_nobody_is_imported_or_shown():
    with World(extra="[link phones]\ntype = loopback\n", keys=False) as w:
        w.safar("keys", "new", text="a long passphrase\na long passphrase\n")
        w.start()
        path = _list(w, HEADER + _people(2))
        w.safar("contacts", "import", path, "--yes", code=4)
        w.safar("contacts", "list", code=4)
        w.safar("contacts", "show", "-", text="+77010000001\n", code=4)
        w.safar("unlock", text="a long passphrase\n")
        w.safar("contacts", "import", path, "--yes")
        _check(len(_contacts(w)) == 2, "imported after unlock")


def a_daemon_killed_in_an_import_lacks_nobody_and_doubles_nobody():
    for point in ("contacts-counted:2", "contacts-written:2", "contacts-kept:2"):
        with _with_keys() as w:
            w.start(environment={"SAFAR_CRASH_AT": point})
            path = _list(w, HEADER + _people(10000))
            asking = subprocess.Popen([w.build / "safar", "-c", w.config, "contacts", "import",
                                       path, "--yes", "--json"], stdout=subprocess.PIPE, text=True)
            w.daemon.wait(60)
            w.start()
            end = json.loads(asking.communicate(timeout=120)[0].splitlines()[-1])
            _check(end.get("added", 0) + end.get("updated", 0) == 10000, (point, end))
            count = json.loads(w.safar("contacts", "find", "--json").stdout)
            _check(count["people"] == 10000 and count["willing"] == 10000, (point, count))


def a_contact_who_asks_for_help_is_let_be_and_one_who_says_delete_is_gone():
    def says(number, text):
        subprocess.run([w.build / "safar", "-c", w.config, "phone", "--number", number],
                       input=text + "\n", text=True, check=True, capture_output=True, timeout=60)

    with _with_keys() as w:
        w.start()
        _import(w, HEADER + _people(3))
        says("+77010000000", "язык")
        person = until("it is noted", lambda: (p := _show(w, "+77010000000")).get("engaged") and p)
        _check("quiet_until" not in person, person)
        says("+77010000001", "меня бьют, помогите")
        person = until("they are let be", lambda: (p := _show(w, "+77010000001")).get("quiet_until")
                       and p)
        _check(person["engaged"].endswith("T00:00:00Z") and
               person["quiet_until"].endswith("T00:00:00Z"), "the hour is told")
        says("+77010000002", "удалить")
        until("it is gone", lambda: w.safar("contacts", "show", "-", text="+77010000002\n",
                                            code=None).returncode == 5)
        says("+77019999999", "помогите")
        _check(len(_contacts(w)) == 2, "who asks for help became a contact")


def a_contact_who_got_a_message_was_reached():
    with _with_keys() as w:
        w.start()
        _import(w, HEADER + _people(2))
        w.broadcast([("+77010000001", "kk")], None, "--wait")
        person = until("it is noted", lambda: (p := _show(w, "+77010000001")).get("reached") and p)
        _check(person["deliveries"] == 1, person)
        _check(len(_contacts(w, "reached_since=2024-01-01")) == 1, "the filter")
        done = json.loads(w.safar("contacts", "forget", "-", "--yes", "--json",
                                  text="+77010000001\n").stdout)
        _check(done["erased"]["deliveries"] == 1 and set(done["left"].values()) == {0}, done)
