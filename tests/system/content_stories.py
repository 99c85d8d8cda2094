# SPDX-License-Identifier: GPL-3.0-or-later
"""What an editor of the texts does, who knows no C: check, preview, review, verify, reload."""
import json
import os
import shutil
import subprocess
import tempfile
import pathlib

import jsonschema

from world import LANGUAGES, ROOT, Failure, World, build_folder, until

SCHEMAS = ROOT / "messages" / "schemas"


def _check(good, what):
    if not good:
        raise Failure(what)


class _Desk:
    """An editor's copy of the files, and a configuration that names them; no daemon."""

    def __init__(self, extra=""):
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="safar-desk-"))
        shutil.copytree(ROOT / "messages", self.folder / "messages")
        shutil.copytree(ROOT / "locales", self.folder / "locales")
        self.config = self.folder / "safar.conf"
        self.config.write_text("[node]\ndata = data\n[content]\nmessages = messages\n"
                               "locales = locales\nallow-draft = ky\n" + extra)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        shutil.rmtree(self.folder, ignore_errors=True)

    def content(self, *args, code=0):
        done = subprocess.run([build_folder() / "safar", "-c", self.config, "content",
                               *map(str, args)], capture_output=True, text=True, timeout=60,
                              env=dict(os.environ, TZ="Asia/Almaty"))
        _check(done.returncode == code, f"content {args}: exit {done.returncode}, not {code}\n"
               f"{done.stdout}{done.stderr}")
        return done

    def findings(self, code=0):
        lines = [json.loads(line) for line in
                 self.content("check", "--json", code=code).stdout.splitlines()]
        return lines[:-1], lines[-1]

    def text(self, tag, key, text=None):
        path = self.folder / "locales" / f"{tag}.json"
        whole = json.loads(path.read_text())
        if text is not None:
            whole["texts"][key]["text"] = text
            path.write_text(json.dumps(whole, ensure_ascii=False, indent=2))
        return whole["texts"][key]


# ---- schemas
def _validator(name):
    schema = json.loads((SCHEMAS / f"{name}.schema.json").read_text())
    jsonschema.Draft202012Validator.check_schema(schema)
    return jsonschema.Draft202012Validator(schema)


def _files():
    """Each file and its schema; one that a tree doesn't have yet is left out."""
    for name in ["topics", "directory", "keywords", "places", "operators", "prefixes", "hours"]:
        if (ROOT / "messages" / f"{name}.json").exists():
            yield name, ROOT / "messages" / f"{name}.json"
    for tag in LANGUAGES + ["en"]:
        yield "locale", ROOT / "locales" / f"{tag}.json"


def the_schemas_say_what_the_files_are():
    for name, path in _files():
        faults = list(_validator(name).iter_errors(json.loads(path.read_text())))
        _check(not faults, f"{path.name}: {[fault.message for fault in faults[:3]]}")


def the_schemas_and_the_check_refuse_the_same_faults():
    def change(file, edit):
        with _Desk() as d:
            path = next(d.folder.glob(f"*/{file}"))
            whole = json.loads(path.read_text())
            edit(whole)
            path.write_text(json.dumps(whole, ensure_ascii=False))
            schema = "locale" if path.parent.name == "locales" else path.stem
            _check(list(_validator(schema).iter_errors(whole)), f"{file}: the schema has no fault")
            found, last = d.findings(code=1)
            _check(last["errors"] > 0, f"{file}: the check has no fault")

    def entry(**members):
        return lambda d: next(e for e in d["entries"] if e["id"] == "family").update(members)

    def topic(**members):
        return lambda t: next(e for e in t["topics"] if e["id"] == "wages").update(members)

    change("topics.json", topic(service="taxi"))
    change("topics.json", topic(intents=["fly"]))
    change("topics.json", topic(nearest="yes"))
    change("topics.json", topic(colour="red"))
    change("directory.json", entry(kind="taxi"))
    change("directory.json", entry(source=""))
    change("directory.json", entry(number="1-1-1"))
    change("directory.json", entry(regions=["Түркістан"]))
    change("directory.json", entry(expires="soon"))
    change("directory.json", entry(telephone="1"))
    change("ky.json", lambda t: t["texts"]["answer.late"].update(state="good"))
    change("ky.json", lambda t: t["texts"]["answer.late"].update(txet="?"))
    change("ky.json", lambda t: t["texts"].update({"topic.Nowhere": {"text": "?", "state": "draft"}}))
    change("keywords.json", lambda k: k.update(fly={"ru": ["летать"]}))
    change("keywords.json", lambda k: k["stop"].update(xx=["stop"]))


# ---- check
def the_trees_own_texts_pass_without_a_daemon_or_a_configuration():
    if pathlib.Path("/etc/safar/safar.conf").exists():
        return  # this machine has a configuration of its own, and that one counts
    done = subprocess.run([build_folder() / "safar", "content", "check", "--json"],
                          capture_output=True, text=True, timeout=60)
    last = json.loads(done.stdout.splitlines()[-1])
    _check(done.returncode == 0 and last["ok"] and last["errors"] == 0, done.stdout)
    _check(pathlib.Path(last["messages"]).resolve() == ROOT / "messages", last)


def warnings_end_with_0_and_errors_with_1_and_both_name_file_and_key():
    with _Desk() as d:
        found, last = d.findings()
        _check(last["ok"] and last["warnings"] == len(found) > 0, last)
        _check({"level": "warning", "file": "directory.json", "key": "rodnik"}.items() <=
               next(f for f in found if f["key"] == "rodnik").items(), found)
        silent = next(f for f in found if f["file"] == "kk.json")
        _check("isn't spoken" in silent["text"], silent)
        d.text("ky", "answer.town", "Шаар? {number}")
        found, last = d.findings(code=1)
        errors = [f for f in found if f["level"] == "error"]
        _check(not last["ok"] and last["errors"] == len(errors) == 1, found)
        _check((errors[0]["file"], errors[0]["key"]) == ("ky.json", "answer.town"), errors)
        human = d.content("check", code=1).stdout
        _check("error: ky.json: answer.town: {number} is no placeholder" in human, human)
        _check(human.splitlines()[-1].startswith("1 error, "), human)


def safard_checks_the_same():
    with _Desk() as d:
        good = subprocess.run([build_folder() / "safard", "-c", d.config, "--check"],
                              capture_output=True, text=True, timeout=60)
        _check(good.returncode == 0 and "hotline: nobody has verified it" in good.stderr, good)
        d.text("ky", "answer.town", "Шаар? {number}")
        bad = subprocess.run([build_folder() / "safard", "-c", d.config, "--check"],
                             capture_output=True, text=True, timeout=60)
        _check(bad.returncode == 2 and "ky.json: answer.town: {number} is no" in bad.stderr, bad)


# ---- preview
def a_preview_shows_every_topic_as_the_phone_does_with_parts_and_price():
    with _Desk("[link m0]\ntype = modem\ndevice = /dev/null\nprice = 15.50\n") as d:
        topics = json.loads((d.folder / "messages" / "topics.json").read_text())["topics"]
        for tag in LANGUAGES:
            lines = [json.loads(line) for line in
                     d.content("preview", "--language", tag, "--phone", "sms", "--json")
                     .stdout.splitlines()]
            said = {line["key"].split("+")[0].split(".")[1]: line for line in lines
                    if line["key"].startswith(("topic.", "menu."))}
            _check(set(said) == {t["id"] for t in topics}, f"{tag}: {set(said)}")
            for line in lines:
                _check(line["parts"] <= 2 and line["price"] == 15.5 * line["parts"], line)
            _check("11616" in said["wages"]["text"] and said["wages"]["digits"] == "5 3",
                   said["wages"])
            _check(said["wages"]["alphabet"] == ("GSM-7" if tag == "uz" else "UCS-2"), said["wages"])
        drawn = d.content("preview", "--language", "ky").stdout
        _check("menu.menu  (draft)" in drawn and "price 31.00" in drawn, drawn[:600])
        _check(all(len(row.split("│")[1]) == 20 for row in drawn.splitlines()
                   if row.startswith("│")), "a row is wider than the screen")


def a_preview_of_a_short_code_shows_pages_that_fit():
    with _Desk() as d:
        drawn = d.content("preview", "--language", "ky", "--phone", "ussd").stdout
        _check("menu, page 1" in drawn and "of 80 characters" in drawn, drawn[:600])
        used = [int(row.split("UCS-2, ")[1].split()[0]) for row in drawn.splitlines()
                if "UCS-2, " in row]
        _check(used and max(used) <= 80, max(used, default=0))


def a_preview_that_cannot_be_is_said_plainly():
    with _Desk() as d:
        _check("phone" in d.content("preview", "--language", "ky", "--phone", "telex",
                                    code=2).stderr, "of a kind of phone")
        _check("--language" in d.content("preview", code=2).stderr, "of no language")
        _check("script" in d.content("preview", "--language", "ky", "--script", "runes",
                                     code=2).stderr, "of a script")
        d.content("preview", "--language", "ky", "--by", "A", code=2)
        d.content("look", code=2)


# ---- review and verify
def a_reviewed_text_is_marked_and_an_edit_makes_it_a_draft_again():
    with _Desk() as d:
        d.content("review", "answer.town", "answer.late", "--language", "ky", "--by", "Айгүл")
        marked = d.text("ky", "answer.town")
        _check(marked["state"] == "reviewed" and marked["by"] == "Айгүл" and marked["when"], marked)
        _check(d.text("ky", "answer.stop")["state"] == "draft", "another one is marked")
        _check(not [f for f in d.findings()[0] if f["key"] == "answer.town"], "told all the same")
        d.text("ky", "answer.town", "Кайсы шаар?")
        changed = [f for f in d.findings()[0] if f["key"] == "answer.town"]
        _check(len(changed) == 1 and "changed since it was reviewed" in changed[0]["text"], changed)
        before = (d.folder / "locales" / "ky.json").read_bytes()
        done = d.content("review", "answer.nothing", "--language", "ky", "--by", "A", code=5)
        _check("ky.json: answer.nothing" in done.stderr, done.stderr)
        d.content("review", "answer.town", "--language", "ky", code=2)
        d.content("review", "answer.town", "--by", "A", code=2)
        _check((d.folder / "locales" / "ky.json").read_bytes() == before, "the file has changed")


def a_number_that_somebody_called_is_no_longer_asked_for():
    with _Desk() as d:
        d.content("verify", "hotline", "--by", "A")
        found = d.findings()[0]
        _check(not [f for f in found if f["key"] == "hotline"], found)
        _check([f for f in found if f["key"] == "emergency"], found)
        d.content("verify", "rodnik", "--by", "A", code=2)
        _check("directory.json: nobody" in d.content("verify", "nobody", "--by", "A", code=5).stderr,
               "of an unknown id")


# ---- the daemon
def an_edit_without_a_review_does_not_silence_a_reviewed_language():
    with _Desk() as d, World(allow_draft="ru") as w:
        w.config.write_text(w.config.read_text().replace(str(ROOT), str(d.folder)))
        texts = json.loads((d.folder / "locales" / "ky.json").read_text())["texts"]
        d.content("review", *texts, "--language", "ky", "--by", "A")
        w.start()
        d.text("ky", "topic.hotline.body", "Чалыңыз: {number}.")
        w.daemon.send_signal(1)
        until("the reload is refused", lambda: "silence a reviewed language" in w.log.read_text())
        w.tell("sms", 0, "+77000000001", "ишеним телефону")
        _check(w.wait_phone("+77000000001", 1)[0] != "Чалыңыз: 11616.", "an unreviewed text")
        _check("ky" not in str(w.status()["reminders"]), w.status()["reminders"])
        d.content("review", "topic.hotline.body", "--language", "ky", "--by", "B")
        w.daemon.send_signal(1)
        until("it is read anew", lambda: "read anew" in w.log.read_text())
        w.tell("sms", 0, "+77000000002", "ишеним телефону")
        _check(w.wait_phone("+77000000002", 1)[0].startswith("Чалыңыз: 11616.\n"), w.texts("+77000000002"))


def staff_are_reminded_and_a_faulty_reload_changes_nothing():
    with _Desk() as d, World() as w:
        w.config.write_text(w.config.read_text().replace(str(ROOT), str(d.folder)))
        w.start()
        _check("hotline: nobody has verified it" in w.log.read_text(), "not said at the start")
        keys = {r["key"] for r in w.status()["reminders"]}
        _check({"hotline", "emergency"} <= keys, keys)
        _check("reminder: directory.json: hotline" in w.safar("status").stdout, "not in status")
        d.content("verify", "hotline", "--by", "A")
        d.text("ru", "topic.hotline.body", "Наберите {number}.")
        d.text("ky", "answer.town", "Шаар? {number}")
        w.daemon.send_signal(1)
        until("the fault is logged", lambda: "ky.json: answer.town" in w.log.read_text())
        w.tell("sms", 0, "+77000000001", "телефон доверия")
        _check(w.wait_phone("+77000000001", 1)[0] != "Наберите 11616.", "half a reload")
        d.text("ky", "answer.town", "Шаар?")
        w.daemon.send_signal(1)
        until("it is read anew", lambda: "read anew" in w.log.read_text())
        w.tell("sms", 0, "+77000000002", "телефон доверия")
        _check(w.wait_phone("+77000000002", 1)[0].startswith("Наберите 11616.\n"), w.texts("+77000000002"))
        _check("hotline" not in {r["key"] for r in w.status()["reminders"]}, "still reminded")
