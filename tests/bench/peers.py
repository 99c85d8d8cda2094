# SPDX-License-Identifier: GPL-3.0-or-later
"""The peers, on the same simulator: gammu-smsd, SMSTools3, Kannel's AT driver.

Each gets the settings that make it fastest while it still works, each with the reason beside it.
All begin with the messages queued, as Safar does, or answer each text by the means they have.
"""
import os
import pathlib
import shutil
import signal
import socket
import subprocess
import time
import urllib.parse
import urllib.request

from measure import (QUESTION, TEXT, Air, answer_delays_ms, asker, number, private_folder, remove,
                     sent_parts, share_of_air, span_s)

ANSWER = "Free advice: 11616"


def _wait(what, check, limit=60):
    end = time.monotonic() + limit
    while not check():
        if time.monotonic() > end:
            raise RuntimeError(f"not within {limit} s: {what}")
        time.sleep(0.05)


class Peer:
    """One program with its private folder; devices are the simulator's ports."""
    name, programs = "", ()

    def __init__(self, folder, devices, answers):
        self.folder, self.devices, self.answers = folder, devices, answers
        self.running = []
        folder.mkdir()

    @classmethod
    def missing(cls):
        return [p for p in cls.programs if cls.find(p) is None]

    @staticmethod
    def find(program):
        return shutil.which(program, path=os.environ.get("PATH", "") + ":/usr/sbin:/sbin")

    def run(self, *command):
        log = open(self.folder / f"{pathlib.Path(command[0]).name}.log", "ab")
        self.running.append(subprocess.Popen(
            [self.find(command[0]), *map(str, command[1:])], stdout=log, stderr=log,
            stdin=subprocess.DEVNULL, cwd=self.folder, start_new_session=True))

    def stop(self):
        for process in reversed(self.running):
            if process.poll() is None:
                process.terminate()
            try:
                process.wait(5)
            except subprocess.TimeoutExpired:
                os.killpg(process.pid, signal.SIGKILL)  # its own session: nobody else's
                process.wait()


class Gammu(Peer):
    """A gammu-smsd a modem, as its manual says, with the files service."""
    name, programs = "gammu-smsd", ("gammu-smsd", "gammu-smsd-inject")

    def __init__(self, folder, devices, answers):
        super().__init__(folder, devices, answers)
        self.next = 0
        for i, device in enumerate(devices):
            for box in ("inbox", "outbox", "sent", "error"):
                (folder / f"{box}{i}").mkdir()
            lines = [
                "[gammu]", f"device = {device}", "connection = at115200",
                "[smsd]", "service = files", f"logfile = {folder}/smsd{i}.log",
                f"inboxpath = {folder}/inbox{i}/", f"outboxpath = {folder}/outbox{i}/",
                f"sentsmspath = {folder}/sent{i}/", f"errorsmspath = {folder}/error{i}/",
                "commtimeout = 0",       # seconds between two looks into the outbox and the SIM
                "receivefrequency = 1",  # seconds between looks at the SIM while it sends
                "loopsleep = 0",         # else it sleeps a second after each message
                "statusfrequency = 0",   # no questions for battery and signal between messages
                "checksecurity = 0", "checkbattery = 0", "checksignal = 0", "checknetwork = 0"]
            if answers:
                script = folder / f"answer{i}"
                script.write_text(
                    "#!/bin/sh\n" f"exec gammu-smsd-inject -c {folder}/rc{i} TEXT \"$SMS_1_NUMBER\""
                    f" -unicode -text '{ANSWER}'\n")
                script.chmod(0o700)
                lines.append(f"runonreceive = {script}")
            (folder / f"rc{i}").write_text("\n".join(lines) + "\n")

    def queue(self, to, text):
        rc = self.folder / f"rc{self.next % len(self.devices)}"
        self.next += 1
        subprocess.run([self.find("gammu-smsd-inject"), "-c", rc, "TEXT", to, "-unicode", "-text",
                        text], check=True, capture_output=True)

    def start(self):
        for i in range(len(self.devices)):
            self.run("gammu-smsd", "-c", self.folder / f"rc{i}")


class Smstools(Peer):
    name, programs = "SMSTools3", ("smsd",)

    def __init__(self, folder, devices, answers):
        super().__init__(folder, devices, answers)
        boxes = ("outgoing", "checked", "incoming", "failed", "sent")
        for box in boxes:
            (folder / box).mkdir()
        lines = [f"devices = {','.join(f'M{i}' for i in range(len(devices)))}",
                 *(f"{box} = {folder / box}" for box in boxes),
                 f"infofile = {folder}/smsd.working", f"pidfile = {folder}/smsd.pid",
                 f"logfile = {folder}/smsd.log", "loglevel = 4",
                 "delaytime = 1",              # seconds a modem's process sleeps with nothing to do
                 "delaytime_mainprocess = 1",  # seconds between two looks into `outgoing`
                 "max_continuous_sending = 0"]  # minutes; 0: it looks at the SIM after each message
        if answers:
            script = folder / "answer"
            script.write_text(
                "#!/bin/sh\n[ \"$1\" = RECEIVED ] || exit 0\n"
                "to=$(sed -n 's/^From: //p' \"$2\")\n"
                f"printf 'To: %s\\nAlphabet: UTF-8\\n\\n%s' \"$to\" '{ANSWER}'"
                f" > {folder}/new.$$ && mv {folder}/new.$$ {folder}/outgoing/answer.$$\n")
            script.chmod(0o700)
            lines.append(f"eventhandler = {script}")
        for i, device in enumerate(devices):
            lines += [f"[M{i}]", f"device = {device}", "baudrate = 115200", "mode = new",
                      f"incoming = {'high' if answers else 'no'}",  # high: reads before it sends
                      "check_network = 0",       # does not ask before each message
                      "send_delay = 0",          # ms between octets
                      "status_signal_quality = no"]
        (folder / "smsd.conf").write_text("\n".join(lines) + "\n")
        self.count = 0

    def queue(self, to, text):
        self.count += 1
        (self.folder / "outgoing" / f"m{self.count:05d}").write_bytes(
            f"To: {to.lstrip('+')}\nAlphabet: UCS\n\n".encode() + text.encode("utf-16-be"))

    def start(self):
        self.run("smsd", f"-c{self.folder}/smsd.conf", "-t")


def _free_port():
    with socket.socket() as s:
        s.bind(("127.0.0.1", 0))
        return s.getsockname()[1]


class Kannel(Peer):
    name, programs = "Kannel", ("bearerbox", "smsbox")

    def __init__(self, folder, devices, answers):
        super().__init__(folder, devices, answers)
        self.admin, self.box, self.http = _free_port(), _free_port(), _free_port()
        local = 'box-deny-ip = "*.*.*.*"\nbox-allow-ip = "127.0.0.1"\n'
        text = ["group = core\n" f"admin-port = {self.admin}\nadmin-password = bench\n"
                f"smsbox-port = {self.box}\n{local}log-file = {folder}/bearerbox-all.log\n"
                "log-level = 1\n"]
        for i, device in enumerate(devices):
            text.append(f"group = smsc\nsmsc = at\nsmsc-id = m{i}\nmodemtype = sim\n"
                        f"device = {device}\nspeed = 115200\nmy-number = 1\n")
        # sendline-sleep: ms after each line. 0 sends more (0.55 to 0.48 parts/s), but with it texts
        # are read seconds later than with the default of 100.
        text.append('group = modems\nid = sim\nname = Simulator\ndetect-string = huawei\n'
                    'init-string = "AT+CNMI=2,1,0,0,0"\nspeed = 115200\n'
                    f'sendline-sleep = {100 if answers else 0}\n'
                    'message-storage = "SM"\n')
        text.append(f"group = smsbox\nbearerbox-host = 127.0.0.1\nsendsms-port = {self.http}\n"
                    f"sendsms-interface = 127.0.0.1\nlog-file = {folder}/smsbox-all.log\n"
                    "log-level = 1\n")
        text.append("group = sendsms-user\nusername = bench\npassword = bench\nmax-messages = 1\n")
        text.append("group = sms-service\nkeyword = default\ncatch-all = true\n"
                    f'text = "{ANSWER}"\nmax-messages = 1\n' if answers else
                    'group = sms-service\nkeyword = default\ntext = ""\nmax-messages = 0\n')
        (folder / "kannel.conf").write_text("\n".join(text))

    def queue(self, to, text):
        query = urllib.parse.urlencode({
            "username": "bench", "password": "bench", "to": to, "from": "1", "coding": 2,
            "charset": "UTF-8", "text": text})
        urllib.request.urlopen(f"http://127.0.0.1:{self.http}/cgi-bin/sendsms?{query}",
                               timeout=10).read()

    def start(self):
        self.run("bearerbox", self.folder / "kannel.conf")
        _wait("bearerbox listens", lambda: _listens(self.box))
        self.run("smsbox", self.folder / "kannel.conf")
        _wait("smsbox listens", lambda: _listens(self.http))


def _listens(port):
    with socket.socket() as s:
        return s.connect_ex(("127.0.0.1", port)) == 0


PEERS = (Gammu, Smstools, Kannel)


class _Run:
    def __init__(self, peer, build, modems, air_ms, answers=False):
        self.folder = private_folder()
        self.air = Air(build, self.folder / "air", modems, air_ms)
        devices = [self.folder / "air" / f"modem{i}" for i in range(modems)]
        self.peer = peer(self.folder / "peer", devices, answers)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.peer.stop()
        self.air.close()
        if os.environ.get("BENCH_KEEP"):
            print(self.folder)
        else:
            remove(self.folder)


def _send(peer, build, modems, air_ms, parts, limit_s):
    with _Run(peer, build, modems, air_ms) as r:
        if peer is Kannel:  # its queue is in memory: it takes messages when it runs
            r.peer.start()
        for i in range(parts):
            r.peer.queue(number(i), TEXT)
        if peer is not Kannel:
            r.peer.start()
        end = time.monotonic() + limit_s
        while time.monotonic() < end:
            if r.air.tell("wait-total", parts, 5000) is not None:
                return r.air.transcript()
        raise RuntimeError(f"{peer.name} did not send {parts} parts within {limit_s} s")


def share(peer, build, modems, air_ms, parts):
    events = _send(peer, build, modems, air_ms, parts, 60 + 10 * parts * air_ms / 1000 / modems)
    return share_of_air(events, modems, air_ms)


def rate(peer, build, parts):
    events = sent_parts(_send(peer, build, 1, 0, parts, 60 + 10 * parts))
    return len(events) / span_s(events)


def answers_ms(peer, build, count):
    with _Run(peer, build, 1, 60, answers=True) as r:
        r.peer.start()
        for i in range(-1, count):  # the first one only shows that it has started
            time.sleep(i * 0.37 % 1 * 2.5)  # their loops turn once in a second or two: any phase
            r.air.tell("sms", 0, asker(i % 1000), QUESTION)
            if r.air.tell("wait", asker(i % 1000), 1, 60000 if i < 0 else 30000) is None:
                return None
        events = r.air.transcript()
        first = asker(999)
        return answer_delays_ms([e for e in events if first not in (e.get("from"), e.get("to"))])


def ussd_s(build, code):
    """gammu's own command line, since its daemon has no answer to print."""
    if Peer.find("gammu") is None:
        return None
    folder = private_folder()
    air = Air(build, folder / "air", 1, 0)
    try:
        (folder / "rc").write_text(f"[gammu]\ndevice = {folder}/air/modem0\n"
                                   "connection = at115200\n")
        began = time.monotonic()
        done = subprocess.run(["gammu", "-c", folder / "rc", "getussd", code], timeout=60,
                              capture_output=True, stdin=subprocess.DEVNULL)
        return time.monotonic() - began if done.returncode == 0 else None
    finally:
        air.close()
        remove(folder)
