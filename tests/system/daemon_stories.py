# SPDX-License-Identifier: GPL-3.0-or-later
"""The daemon as its technician meets it: configuration, signals, keys, a full disk, a seized disk."""
import json
import os
import re
import signal
import subprocess

from world import BROADCAST, LANGUAGES, Failure, World, children, notify_socket, until


def _check(condition, what):
    if not condition:
        raise Failure(what)


def a_faulty_configuration_is_told_with_file_and_line():
    with World() as w:
        w.config.write_text(f"[node]\nnmae = x\ndata = {w.data}\n[link a]\ntype = modem\n"
                            f"device = /dev/null\npin = 12\n[lnik b]\n")
        done = subprocess.run([w.build / "safard", "-c", w.config, "--check"],
                              capture_output=True, text=True)
        out = done.stdout + done.stderr
        _check(done.returncode == 2, done)
        for line, word in ((2, "name"), (7, "pin"), (8, "link")):
            _check(re.search(rf"safar\.conf:{line}\b.*{word}", out), f"line {line}: {out}")
        _check("12" not in re.sub(r":\d+", "", out), f"the PIN is echoed: {out}")


def it_speaks_with_the_service_manager():
    with World() as w:
        sock, path = notify_socket(w.folder)
        w.start(environment={"NOTIFY_SOCKET": path, "WATCHDOG_USEC": "200000"}, ready=False)
        seen = ""
        while not ("READY=1" in seen and seen.count("WATCHDOG=1") > 2):
            seen += sock.recv(4096).decode() + "\n"
        w.daemon.send_signal(signal.SIGHUP)
        while "RELOADING=1" not in seen or seen.count("READY=1") < 2:
            seen += sock.recv(4096).decode() + "\n"
        _check("MONOTONIC_USEC=" in seen, seen)
        _check(w.stop() == 0, "exit")


def sighup_brings_new_links_and_new_texts():
    with World(modems=2) as w:
        w.modems = 1
        w.write_config()
        w.start()
        w.modems = 2
        w.write_config()
        w.daemon.send_signal(signal.SIGHUP)
        until("both links are there", lambda: w.links_are("ready"))
        w.modems = 1
        w.write_config()
        w.daemon.send_signal(signal.SIGHUP)
        until("one link is left", lambda: w.links_are("ready"))
        w.config.write_text(w.config.read_text() + "nonsense = 1\n")
        w.daemon.send_signal(signal.SIGHUP)
        until("it is told", lambda: "nonsense" in w.log.read_text())
        w.tell("sms", 0, "+77000000001", "помогите")
        w.wait_phone("+77000000001", 1)


def a_second_daemon_on_the_same_data_is_refused():
    with World().start() as w:
        done = subprocess.run([w.build / "safard", "-c", w.config], capture_output=True, text=True)
        _check(done.returncode != 0 and "another safard" in done.stderr, done)


def without_the_people_keys_answers_go_on_and_broadcasts_wait():
    with World(keys=False) as w:
        w.safar("keys", "new", text="correct horse battery\ncorrect horse battery\n")
        w.start()
        w.tell("sms", 0, "+77000000001", "помогите")
        w.wait_phone("+77000000001", 1)
        w.broadcast([("+77000000002", "ru")], code=4)
        w.tell("sms", 0, "+77000000003", "стоп")  # while locked
        w.wait_phone("+77000000003", 1)
        w.safar("unlock", text="wrong\n", code=3)
        w.safar("unlock", text="correct horse battery\n")
        done = w.broadcast([("+77000000002", "ru"), ("+77000000003", "ru")], None, "--wait")
        _check(done["people"] == 1, f"STOP given while locked is forgotten: {done}")
        w.wait_phone("+77000000002", 1)
        # a campaign that is queued waits for the keys over a restart
        w.stop()
        w.start()
        w.broadcast([("+77000000004", "ru")], code=4)


def keys_are_never_overwritten():
    with World() as w:
        w.safar("keys", "new")
        before = (w.folder / "people.key").read_bytes()
        _check((w.folder / "people.key").stat().st_mode & 0o077 == 0, "others can read the keys")
        w.safar("keys", "new", code=3)
        _check((w.folder / "people.key").read_bytes() == before, "overwritten")


def a_daemon_that_is_not_there_is_said_plainly():
    with World() as w:
        done = w.safar("status", code=None)
        _check(done.returncode != 0 and "safard" in done.stderr, done)


def hours_bar_a_broadcast_without_an_override():
    # a Sunday, by a moved clock
    import time
    days_to_sunday = (6 - time.gmtime(time.time() + 5 * 3600).tm_wday) % 7
    shift = days_to_sunday * 86400000
    with World(environment={"SAFAR_CLOCK_SHIFT_MS": str(shift)}).start() as w:
        csv = w.folder / "p.csv"
        message = w.folder / "m.json"
        csv.write_text("phone,language\n+77000000001,ru\n")
        message.write_text(json.dumps({"texts": BROADCAST, "fallback": ["ru"]}))
        args = ("broadcast", "--csv", csv, "--message", message, "--consent", "on paper", "--yes")
        done = w.safar(*args, code=3)
        _check("override" in (done.stdout + done.stderr), done)
        w.safar(*args, "--override", "flood warning agreed with the director")


def a_full_disk_is_an_error_that_staff_see_and_nothing_is_lost():
    if os.geteuid() != 0:
        print("      (needs root for a small file system: left out)")
        return
    with World() as w:
        w.data.mkdir(mode=0o700)
        subprocess.run(["mount", "-t", "tmpfs", "-o", "size=24m,mode=0700", "none", w.data],
                       check=True)
        try:
            w.start()
            filler = w.data / "filler"
            with open(filler, "wb", buffering=0) as out:
                try:
                    while True:
                        out.write(b"x" * 4096)
                except OSError:
                    pass
            asker = "+77000000001"
            for i in range(40):
                w.tell("sms", 0, f"+770000010{i:02d}", "помогите мне, пожалуйста")
            until("it is told", lambda: "No space" in w.log.read_text() or
                  "disk" in w.log.read_text() or "full" in w.log.read_text())
            filler.unlink()
            w.tell("sms", 0, asker, "помогите")
            w.wait_phone(asker, 1)
            for i in range(20):  # the SIM holds twenty
                w.wait_phone(f"+770000010{i:02d}", 1)
        finally:
            w.stop()
            subprocess.run(["umount", "-l", w.data], check=False)


def a_crash_leaves_no_core():
    with World().start() as w:
        limits = open(f"/proc/{w.daemon.pid}/limits").read()
        _check(re.search(r"Max core file size +0 +0", limits), "cores are allowed")
        modems = children(w.daemon.pid)
        _check(modems, "no modem process")
        for pid in modems:
            limits = open(f"/proc/{pid}/limits").read()
            _check(re.search(r"Max core file size +0 +0", limits), "a child may leave a core")
        w.daemon.send_signal(signal.SIGSEGV)
        w.daemon.wait()
        left = [p for p in list(w.folder.rglob("core*")) + list(w.data.rglob("core*"))]
        _check(not left, left)


def the_data_folder_holds_no_number_and_no_text_that_went_through():
    numbers = [f"+7701555{i:04d}" for i in range(6)]
    asker, caller = "+77025550077", "+77035550088"
    with World().start() as w:
        w.broadcast([(n, l) for n, l in zip(numbers, LANGUAGES)], None, "--wait")
        w.tell("sms", 0, asker, "помогите меня держат в подвале")
        w.tell("call", 0, caller)
        answers = w.wait_phone(asker, 1) + w.wait_phone(caller, 1)
        w.settled()
        _search(w, numbers + [asker, caller], list(BROADCAST.values()) + answers +
                ["помогите меня держат в подвале"])
        w.stop()
        _search(w, numbers + [asker, caller], list(BROADCAST.values()) + answers +
                ["помогите меня держат в подвале"])


def _search(w, numbers, texts):
    for path in list(w.data.rglob("*")) + [w.log]:
        if not path.is_file():
            continue
        octets = path.read_bytes()
        for number in numbers:
            digits = number.lstrip("+")
            swapped = "".join(b + a for a, b in zip((digits + "F")[::2], (digits + "F")[1::2]))
            for form in (digits, digits[-9:], swapped):
                _check(form.encode() not in octets, f"{path.name} holds a number")
        for text in texts:
            for form in (text[:24].encode(), text[:24].encode("utf-16-be"),
                         text[:24].encode("utf-16-le")):
                _check(form not in octets, f"{path.name} holds a text")
